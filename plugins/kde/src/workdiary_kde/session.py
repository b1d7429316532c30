"""One connection's worth of watching."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Window
from workdiary_dbus.bus import DBUS, BusGoneError
from workdiary_kde.script import KWIN, Script, open_bus

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from workdiary_dbus.bus import Bus

NOTHING = Window(app="", title="")
BETWEEN = 0.05  #: seconds; for a moment between two windows KWin has none that is active


class Session:
    """Hear one KWin. ``turn`` belongs to the watching thread, the rest to whoever holds the lock.

    :raises WorkdiaryError: KWin does not run the script, or that tells nothing.
    """

    def __init__(self, bus: Bus, place: Path) -> None:
        self._bus = bus
        self._window: Window | None = None
        self._since = 0.0
        self._before = NOTHING
        self._news = False
        bus.hear(DBUS.interface, "NameOwnerChanged", self._on_owner, match=f",arg0='{KWIN}'")
        self._script = Script(bus, "active", place, self._hear)
        try:
            self._script.load()
            if not bus.until(lambda: self._window is not None):
                raise WorkdiaryError("KWin's script tells nothing")
        except BaseException:
            self._script.close()
            raise

    def turn(self, lock: AbstractContextManager[object]) -> bool:
        """Wait and take; true if another window is active."""
        data = self._bus.receive()
        with lock:
            self._bus.dispatch(data)
            news, self._news = self._news, False
        return news

    def window(self) -> Window:
        """Return the active window."""
        now = self._window or NOTHING
        return self._before if not now.handle and time.monotonic() - self._since < BETWEEN else now

    def interrupt(self) -> None:
        """Make the watching thread end."""
        self._bus.interrupt()

    def close(self) -> None:
        """Take the script out of KWin and leave the bus."""
        self._script.close()
        self._bus.close()

    def _hear(self, body: tuple[Any, ...]) -> None:
        app, title, handle = map(str, body)
        self._before = self._window or NOTHING
        self._window = Window(app=app, title=title, handle=handle)
        self._since = time.monotonic()
        self._news |= bool(handle) and handle != self._before.handle

    def _on_owner(self, body: tuple[Any, ...]) -> None:
        if body[0] == KWIN:
            raise BusGoneError("KWin ended")


def open_session(place: Path) -> Session:
    """Connect and begin to hear.

    :raises WorkdiaryError: there is no KWin, or it does not tell.
    """
    bus = open_bus()
    try:
        return Session(bus, place)
    except BaseException:
        bus.close()
        raise
