"""Active time from the two moments at which the desktop's idle timer crosses one second."""

from __future__ import annotations

import time

ACTIVE_BELOW = 1000  #: milliseconds


def now_ms() -> int:
    """Return milliseconds on the clock that stops while the machine sleeps."""
    return time.monotonic_ns() // 1_000_000


class ActiveTime:
    """Odometer of the milliseconds in which the idle timer stood below one second.

    :param now: milliseconds on our clock.
    :param idle: what the idle timer shows now.
    """

    def __init__(self, *, now: int, idle: int) -> None:
        self._total = 0
        self._shown = 0
        self._last_input = now - idle
        self._active_from: int | None = now if idle < ACTIVE_BELOW else None

    def end_quiet(self, *, at: int) -> None:
        """Note the first input after a second or more of quiet."""
        if self._active_from is None:
            self._active_from = at

    def begin_quiet(self, *, last_input: int) -> None:
        """Note that a second has passed since the last input."""
        self._last_input = last_input
        if self._active_from is not None:
            self._total += max(0, last_input + ACTIVE_BELOW - self._active_from)
            self._active_from = None

    def active_ms(self, now: int) -> int:
        """Return the odometer; it never falls."""
        running = 0 if self._active_from is None else max(0, now - self._active_from)
        self._shown = max(self._shown, self._total + running)
        return self._shown

    def idle_ms(self, now: int) -> int:
        """Return the time since the last input: exact from one second on, zero below."""
        return 0 if self._active_from is not None else max(ACTIVE_BELOW, now - self._last_input)
