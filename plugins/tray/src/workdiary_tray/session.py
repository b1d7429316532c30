"""Puts the tray of a Linux desktop together: the tracker, the session bus, and an X display where there is one."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from workdiary_tray.app import App
from workdiary_tray.bus import Bus, BusGoneError
from workdiary_tray.jobs import Jobs
from workdiary_tray.loop import Loop
from workdiary_tray.notice import notify
from workdiary_tray.panel import Panel
from workdiary_tray.tracker import TrackerLine

if TYPE_CHECKING:
    from workdiary.paths import Home

#: A panel that starts beside us at login needs this long until its absence is worth a word.
HOST_S = 10.0
NO_HOST = (
    "workdiary tray: no panel here shows icons; the icon appears as soon as one does. "
    "On GNOME that takes the extension AppIndicator. Meanwhile: workdiary status"
)


class Session:
    """One desktop session: ends with its bus."""

    def __init__(self, home: Home) -> None:
        self._loop = Loop()
        self._hosted: bool | None = None
        self._bus: Bus | None = None
        self._app = App(home, self._loop, TrackerLine(home, self._loop), Jobs(self._loop))
        self._panel: Panel | None = None

    def run(self) -> None:
        """Run until the session ends.

        :raises BusGoneError: there is no desktop session to begin with.
        """
        app = self._app
        bus = self._bus = Bus.connect()
        self._panel = Panel(bus, lambda: app.view, app.act, app.refresh, self._on_hosted)
        self._loop.watch(bus, bus.take)
        app.shown = self._panel.update
        app.say = lambda text: notify(bus, text)
        self._panel.begin()
        app.begin()
        self._loop.later(HOST_S, self._complain)
        gc.collect()
        gc.freeze()
        self._loop.run()

    def _on_hosted(self, whether: bool) -> None:  # noqa: FBT001  # a callback with one meaning
        self._hosted = whether

    def _complain(self) -> None:
        if not self._hosted:
            print(NO_HOST, file=sys.stderr, flush=True)  # noqa: T201  # the user is told, once


def run(home: Home) -> int:
    """Run the tray; 0 when the session has ended or the user has quit."""
    session = Session(home)
    try:
        session.run()
    except BusGoneError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the user is told
        return 1
    return 0
