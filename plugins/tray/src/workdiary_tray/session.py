"""Puts the tray of a Linux desktop together: the tracker, the session bus, and an X display where there is one."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary_dbus.bus import Bus, BusGoneError, session_address
from workdiary_tray.app import App
from workdiary_tray.jobs import Jobs
from workdiary_tray.loop import Loop
from workdiary_tray.notice import notify
from workdiary_tray.panel import Panel
from workdiary_tray.tracker import TrackerLine

if TYPE_CHECKING:
    from workdiary.paths import Home
    from workdiary_tray.dock import Dock

#: A panel that starts beside us at login needs this long until its absence is worth a word.
PANEL_S = 5.0
NO_PANEL = (
    "workdiary tray: no panel here shows icons; the icon appears as soon as one does. "
    "On GNOME that takes the extension AppIndicator. Meanwhile: workdiary status"
)


class Session:
    """One desktop session: it ends with its bus, or where there is none with its X server."""

    def __init__(self, home: Home) -> None:
        self.loop = Loop()
        self._app = App(self.loop, TrackerLine(home, self.loop), Jobs(self.loop), self._idle_ms)
        self._app.shown = self._update
        self._hosted = False
        self._bus: Bus | None = None
        self._panel: Panel | None = None
        self._dock: Dock | None = None

    def begin(self) -> None:
        """Find bus and display, and show the icon where there is a place for it.

        :raises WorkdiaryError: there is no desktop session to begin with.
        """
        refusal = self._find_bus()
        if os.environ.get("DISPLAY"):
            self._find_display()
        if self._bus is None and self._dock is None:
            raise refusal or WorkdiaryError("there is no desktop session")
        if self._panel is not None:
            self._panel.begin()
        else:
            self._on_hosted(False)
        self._app.begin()
        self.loop.later(PANEL_S, self._complain)
        gc.collect()
        gc.freeze()

    def _find_bus(self) -> WorkdiaryError | None:
        try:
            bus = self._bus = Bus.connect(session_address())
        except WorkdiaryError as error:
            return error
        self._panel = Panel(bus, lambda: self._app.view, self._app.act, self._app.refresh, self._on_hosted)
        self._app.say = lambda text: notify(bus, text)
        self.loop.watch(bus, bus.take)
        return None

    def _find_display(self) -> None:
        try:
            from workdiary_tray.dock import Dock
        except ImportError:  # the extra `xembed` is not installed; panels that speak D-Bus do not need it
            return
        try:
            self._dock = Dock(lambda: self._app.view, self._app.act, self._app.refresh)
        except (WorkdiaryError, OSError):
            return
        self.loop.watch(self._dock, self._take_x)

    def _update(self) -> None:
        if self._panel is not None:
            self._panel.update()
        if self._dock is not None:
            try:
                self._dock.update()
            except OSError:
                self._lose_x()

    def _take_x(self) -> None:
        if self._dock is not None:
            try:
                self._dock.take()
            except OSError:
                self._lose_x()

    def _lose_x(self) -> None:
        if self._dock is not None:
            self.loop.forget(self._dock)
            self._dock = None
        if self._bus is None:
            self.loop.done = True

    def _idle_ms(self) -> int | None:
        if self._dock is None:
            return None
        try:
            return self._dock.idle_ms()
        except OSError:
            self._lose_x()
            return None

    def _on_hosted(self, whether: bool) -> None:  # noqa: FBT001  # a callback with one meaning
        self._hosted = whether
        if self._dock is not None:
            try:
                self._dock.want(not whether)
            except OSError:
                self._lose_x()

    def _complain(self) -> None:
        if not self._hosted and not (self._dock and self._dock.is_docked):
            print(NO_PANEL, file=sys.stderr, flush=True)  # noqa: T201  # the user is told, once


def run(home: Home) -> int:
    """Run the tray; 0 when the session has ended or the user has quit."""
    session = Session(home)
    session.begin()
    with contextlib.suppress(BusGoneError):  # the desktop session has ended, and so do we
        session.loop.run()
    return 0
