"""Follow the active window through property changes; nothing is polled."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from workdiary.payloads import Unknown, Window
from workdiary_x11 import requests
from workdiary_x11.properties import WM_CLASS, WM_NAME, app_and_title, intern_atoms, numbers, title_requests

if TYPE_CHECKING:
    from workdiary_x11.wire import Connection

PROPERTY_NOTIFY = 28
DESTROY_NOTIFY = 17
ASKED_OF_ROOT = ("_NET_SUPPORTING_WM_CHECK", "_NET_SUPPORTED", "_NET_ACTIVE_WINDOW")
NOTHING = Window(app="", title="")
NO_MANAGER = Unknown(reason="no window manager says which window is active")


class WindowProbe:
    """The active window of one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._root = connection.setup.root
        self._atoms = intern_atoms(connection)
        # Openbox goes on naming the last window after its end; then only the list of clients changes.
        self._on_root = {self._atoms[name] for name in (*ASKED_OF_ROOT, "_NET_CLIENT_LIST")}
        self._on_window = {self._atoms["_NET_WM_NAME"], WM_NAME, WM_CLASS}
        self._watched: set[int] = set()
        self.current: Window | Unknown = NO_MANAGER
        connection.tell(requests.select_events(self._root, requests.PROPERTY_CHANGE))
        self.refresh()

    def concerns(self, event: bytes) -> bool:
        """Say whether after this event the window must be read again."""
        if event[0] == PROPERTY_NOTIFY:
            window, atom = struct.unpack_from("<II", event, 4)
            return atom in (self._on_root if window == self._root else self._on_window)
        return event[0] == DESTROY_NOTIFY

    def refresh(self) -> bool:
        """Read the active window; true if it is another one than before."""
        before = self.current
        self.current = self._read()
        return _handle(before) != _handle(self.current)

    def _read(self) -> Window | Unknown:
        atoms, root = self._atoms, self._root
        replies = self._connection.ask(*(requests.get_property(root, atoms[name]) for name in ASKED_OF_ROOT))
        manager, supported, active = (numbers(reply) for reply in replies)
        if not manager or atoms["_NET_ACTIVE_WINDOW"] not in supported:
            self._watch(manager=0, window=0)
            return NO_MANAGER
        window = active[0] if active and active[0] != root else 0
        self._watch(manager=manager[0], window=window)
        (own_check,) = self._connection.ask(requests.get_property(manager[0], atoms["_NET_SUPPORTING_WM_CHECK"]))
        if numbers(own_check) != manager:  # the property outlives a window manager that crashed
            return NO_MANAGER
        return self._describe(window) if window else NOTHING

    def _watch(self, *, manager: int, window: int) -> None:
        """Hear of the manager's end and of the active window's titles (not of its moves)."""
        changes = [requests.select_events(old, 0) for old in self._watched - {manager, window}]
        if manager:
            changes.append(requests.select_events(manager, requests.STRUCTURE_NOTIFY))
        if window:
            changes.append(requests.select_events(window, requests.PROPERTY_CHANGE))
        self._watched = {manager, window} - {0, self._root}
        if changes:
            self._connection.tell(*changes)

    def _describe(self, window: int) -> Window:
        replies = self._connection.ask(requests.get_geometry(window), *title_requests(window, self._atoms))
        if not isinstance(replies[0], bytes):
            return NOTHING  # it was destroyed; the manager will name another
        app, title = app_and_title(replies[1:])
        return Window(app=app, title=title, handle=f"{window:#x}")


def _handle(window: Window | Unknown) -> str | None:
    return window.handle if isinstance(window, Window) else None
