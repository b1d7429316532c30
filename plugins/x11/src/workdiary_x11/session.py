"""One connection's worth of watching: what is asked for, and what its events mean."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from workdiary.payloads import InputCounts, Presence, Unknown, Window
from workdiary_x11 import requests
from workdiary_x11.desktop import open_desktop
from workdiary_x11.odometer import EVENT_MASK, InputOdometer
from workdiary_x11.presence import PresenceProbe
from workdiary_x11.window import WindowProbe
from workdiary_x11.wire import GENERIC_EVENT, XError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from workdiary_x11.wire import Connection

SETTLE = 0.05  #: seconds between two readings of the window, for titles that spin
NO_INPUT = Unknown(reason="this X server has no XInput 2")


class Session:
    """Watch one connection. ``turn`` belongs to the watching thread, the rest to anyone who holds the lock.

    :raises ServerGoneError: the server went away meanwhile; from every method that talks to it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._since = os.urandom(8).hex()
        self._input: InputOdometer | None = InputOdometer() if self._select_input() else None
        self._presence = PresenceProbe(connection)
        self._window = WindowProbe(connection)
        self._window_changed = False
        self._window_read_at = time.monotonic()

    def turn(self, lock: AbstractContextManager[object]) -> bool:
        """Wait and take. Events live no longer than this call: a raw one has a key code in it.

        True if they ended a second or more of quiet, or if another window is active.
        """
        events = self._wait()
        with lock:
            woke = self._take(events)
        events.clear()
        return self._settle() or woke

    def _wait(self) -> list[bytes]:
        """Block until something happened; with a window change at hand, no longer than it may wait."""
        if not self._window_changed:
            return self._connection.events()
        return self._connection.events(max(0.0, self._window_read_at + SETTLE - time.monotonic()))

    def _take(self, events: list[bytes]) -> bool:
        """Take events, from memory only; true if they ended a second or more of quiet."""
        woke = False
        for event in events:
            kind = event[0]
            if kind == GENERIC_EVENT:
                if self._input is not None:
                    self._input.count(event)
            elif kind == self._presence.alarm_event:
                woke |= self._presence.on_alarm(event)
            elif kind == self._presence.saver_event:
                self._presence.on_saver(event)
            elif self._window.concerns(event):
                self._window_changed = True
        return woke

    def _settle(self) -> bool:
        """Read the window again if it changed and may be read; true if it is another one."""
        now = time.monotonic()
        if not self._window_changed or now < self._window_read_at + SETTLE:
            return False
        self._window_changed = False
        self._window_read_at = now
        return self._window.refresh()

    def counts(self) -> InputCounts | Unknown:
        """Return the odometers of input."""
        if self._input is None:
            return NO_INPUT
        odometer = self._input
        return InputCounts(since=self._since, keys=odometer.keys, clicks=odometer.clicks, scrolls=odometer.scrolls)

    def window(self) -> Window | Unknown:
        """Return the active window."""
        return self._window.current

    def presence(self) -> Presence:
        """Return active and idle time."""
        active, idle, locked = self._presence.read()
        return Presence(since=self._since, active_ms=active, idle_ms=idle, locked=locked)

    def interrupt(self) -> None:
        """Make the watching thread get ``ServerGoneError``."""
        self._connection.interrupt()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _select_input(self) -> bool:
        extension = self._connection.extension("XInputExtension")
        if extension is None:
            return False
        (version,) = self._connection.ask(requests.xi_query_version(extension.opcode))
        if isinstance(version, XError):
            return False
        self._connection.tell(requests.xi_select_events(extension.opcode, self._connection.setup.root, EVENT_MASK))
        return True


def open_session() -> Session:
    """Connect and begin to watch.

    :raises NotHereError: there is no X server of this desktop.
    :raises ServerGoneError: it refuses, or went away.
    """
    connection = open_desktop()
    try:
        return Session(connection)
    except BaseException:
        connection.close()
        raise
