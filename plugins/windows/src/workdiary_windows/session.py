"""One run of watching: what Windows says to our window, and what a look now and then finds."""

from __future__ import annotations

import _thread
import os
import signal
from threading import Event
from typing import TYPE_CHECKING, Protocol

from workdiary.payloads import Presence, Unknown, Window
from workdiary.source.polled import PolledIdle
from workdiary_windows import window
from workdiary_windows.messages import (
    CONNECTED,
    DISCONNECTED,
    LOCK,
    RESUMED,
    SUSPEND,
    UNLOCK,
    WM_CLOSE,
    WM_ENDSESSION,
    WM_POWERBROADCAST,
    WM_QUERYENDSESSION,
    WM_WTSSESSION_CHANGE,
)
from workdiary_windows.ticks import Clock, idle_ms

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

ENDING_S = 4.0  #: Windows kills who is not done five seconds after the end of the session was told
UNTOLD = Unknown(reason="Windows has not said yet whether the session is locked")


class Ear(Protocol):
    """A window that is told things; ``wait`` belongs to the thread that opened it."""

    def wait(self, seconds: float) -> None:
        """Wait for messages, no longer than so."""

    def interrupt(self) -> None:
        """Make another thread's ``wait`` hear WM_CLOSE."""

    def close(self) -> None:
        """Close it."""


class System(Clock, window.Screen, Protocol):
    """All that is asked of Windows."""

    def is_locked(self) -> bool | None:
        """Return whether the session is locked; None: it is not told."""

    def listen(self, hear: Callable[[int, int], int | None]) -> Ear:
        """Open a window that is told things."""


class InterruptedWatchError(Exception):
    """The plugin stops."""


class Session:
    """Watch Windows. ``turn`` belongs to the thread that made it."""

    def __init__(self, system: System, end: Callable[[], bool] | None = None) -> None:
        self._system = system
        self._end = end or ask_to_end
        self._stopped = Event()
        self._since = os.urandom(8).hex()
        self._ear = system.listen(self._hear)
        self._idle = PolledIdle(lambda: idle_ms(system))
        self._locked = system.is_locked()
        self._news = self._over = False
        self._front = system.foreground()

    def turn(self, lock: AbstractContextManager[object]) -> bool:
        """Wait and look; true if a quiet second has ended, another window is active, or something was told."""
        self._ear.wait(self._idle.wait_s)
        if self._over:
            raise InterruptedWatchError
        with lock:
            front, self._front = self._front, self._system.foreground()
            woke = self._idle.look()
            news, self._news = self._news, False
        return woke or news or front != self._front

    def window(self) -> Window | Unknown:
        """Return the active window."""
        return window.active(self._system)

    def presence(self) -> Presence:
        """Return active and idle time, and whether the session is locked."""
        locked = UNTOLD if self._locked is None else self._locked
        return Presence(
            since=self._since, active_ms=self._idle.active_ms(), idle_ms=self._idle.idle_ms(), locked=locked
        )

    def interrupt(self) -> None:
        """Make a ``turn`` in another thread raise."""
        self._stopped.set()
        self._ear.interrupt()

    def close(self) -> None:
        """Close the window."""
        self._ear.close()

    def _hear(self, message: int, parameter: int) -> int | None:
        """Take what Windows says: before sleep core shall tick once more, before the session's end stop."""
        if message == WM_WTSSESSION_CHANGE:
            self._locked = self._after(parameter)
            self._news = True
        elif message == WM_POWERBROADCAST and parameter in {SUSPEND, RESUMED}:
            self._news = True
            return 1
        elif message == WM_QUERYENDSESSION:
            return 1  # nothing here keeps anybody from logging off
        elif message == WM_ENDSESSION:
            self._news |= bool(parameter)
            if parameter and self._end():
                self._stopped.wait(ENDING_S)  # when this returns, Windows may kill us at once
        elif message == WM_CLOSE:
            self._over = True
            return 0
        return None

    def _after(self, change: int) -> bool | None:
        if change == LOCK or change in DISCONNECTED:
            return True
        if change == UNLOCK:
            return False
        return self._system.is_locked() if change in CONNECTED else self._locked


def ask_to_end() -> bool:
    """Have this program end as a signal would have it; false if it takes no signals, as a check or a test does not."""
    if not callable(signal.getsignal(signal.SIGTERM)):
        return False
    _thread.interrupt_main(signal.SIGTERM)
    return True
