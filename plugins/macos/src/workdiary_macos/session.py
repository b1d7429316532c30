"""One run of watching: a look now and then at the last input, at the session and at the window in front."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Protocol

from workdiary.payloads import Presence, Unknown, Window
from workdiary.source.polled import PolledIdle
from workdiary_macos import screen
from workdiary_macos.counts import Counting, Counts

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from workdiary.payloads import InputCounts
    from workdiary_macos.api import LoginSession

NO_SESSION = Unknown(reason="this process belongs to no session of the desktop")


class System(screen.Screen, Counting, Protocol):
    """All that is asked of macOS."""

    def idle_ms(self) -> int:
        """Return the milliseconds since the last input."""

    def session(self) -> LoginSession | None:
        """Return the session of this process."""


class InterruptedWatchError(Exception):
    """The plugin stops."""


class Session:
    """Watch macOS. ``turn`` belongs to the watching thread."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._since = os.urandom(8).hex()
        self._idle = PolledIdle(system.idle_ms)
        self._counts = Counts(system)
        self._locked = self._is_locked()
        self._over = threading.Event()

    def turn(self, lock: AbstractContextManager[object]) -> bool:
        """Wait and look; true if a quiet second has ended, or the lock has changed."""
        if self._over.wait(self._idle.wait_s):
            raise InterruptedWatchError
        with lock:
            self._counts.look()
            before, self._locked = self._locked, self._is_locked()
            return self._idle.look() or before != self._locked

    def window(self) -> Window | Unknown:
        """Return the active window."""
        return screen.active(self._system)

    def counts(self) -> InputCounts | Unknown:
        """Return keys and clicks."""
        return self._counts.read()

    def presence(self) -> Presence:
        """Return active and idle time, and whether the session is locked."""
        return Presence(
            since=self._since, active_ms=self._idle.active_ms(), idle_ms=self._idle.idle_ms(), locked=self._locked
        )

    def interrupt(self) -> None:
        """Make a ``turn`` in another thread raise."""
        self._over.set()

    def close(self) -> None:
        """There is nothing to close."""

    def _is_locked(self) -> bool | Unknown:
        """Say whether nobody can be at work in this session: it is locked, or somebody else's is in front."""
        told = self._system.session()
        return NO_SESSION if told is None else told.locked or not told.on_console
