"""The active window, from zwlr_foreign_toplevel_manager_v1: the compositor tells each change."""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workdiary.payloads import Unknown, Window
from workdiary_wayland.protocols import NO_WINDOWS, WINDOWS

if TYPE_CHECKING:
    from workdiary_wayland.wire import Body, Connection

NEWEST = 3
TOPLEVEL, FINISHED = 0, 1  #: events of the manager
TITLE, APP_ID, STATE, DONE, CLOSED = 0, 1, 4, 5, 6  #: events of a window
ACTIVATED = 2  #: a state of a window
DESTROY = 7  #: request of a window
NOTHING = Window(app="", title="")
ENDED = Unknown(reason="the compositor names its windows no more")


@dataclass(frozen=True)
class Toplevel:
    """What the compositor says of one window."""

    app: str = ""
    title: str = ""
    active: bool = False


class Toplevels:
    """All windows of one connection, of which one may be active."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._told: dict[int, Toplevel] = {}  # what has come, and counts from the next ``done`` on
        self._shown: dict[int, Toplevel] = {}
        self._active = 0
        self._reason: Unknown | None = NO_WINDOWS
        for one in connection.offered(WINDOWS)[:1]:
            self._reason = None
            connection.bind(one, NEWEST, self._on_manager)

    @property
    def active(self) -> int:
        """The number of the active window; 0 if none is."""
        return self._active

    @property
    def current(self) -> Window | Unknown:
        """The active window."""
        if self._reason is not None:
            return self._reason
        found = self._shown.get(self._active)
        return NOTHING if found is None else Window(app=found.app, title=found.title)

    def _on_manager(self, opcode: int, body: Body) -> None:
        if opcode == TOPLEVEL:
            number = body.uint()
            self._told[number] = Toplevel()
            self._connection.adopt(number, lambda event, values: self._on_window(number, event, values))
        elif opcode == FINISHED:
            self._reason = ENDED

    def _on_window(self, number: int, opcode: int, body: Body) -> None:
        told = self._told[number]
        if opcode == TITLE:
            self._told[number] = replace(told, title=body.text())
        elif opcode == APP_ID:
            self._told[number] = replace(told, app=body.text())
        elif opcode == STATE:
            data = body.array()
            states = struct.unpack(f"={len(data) // 4}I", data)
            self._told[number] = replace(told, active=ACTIVATED in states)
        elif opcode == DONE:
            self._show(number, told)
        elif opcode == CLOSED:
            self._show(number, Toplevel())
            del self._shown[number], self._told[number]
            self._connection.send(number, DESTROY)
            self._connection.forget(number)

    def _show(self, number: int, told: Toplevel) -> None:
        self._shown[number] = told
        if told.active:
            self._active = number
        elif self._active == number:
            self._active = next((one for one, shown in self._shown.items() if shown.active), 0)
