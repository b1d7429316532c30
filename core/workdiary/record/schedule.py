"""When the next tick is due: every second while someone types, else every fifteen, and at every minute's end."""

from __future__ import annotations

from workdiary.slots import MINUTE_MS

BUSY_MS = 1000
QUIET_MS = 15_000
#: A tick that comes later than this after the last one proves that something held us up.
LONGEST_MS = QUIET_MS + 5000


class Schedule:
    """Deadlines on the monotonic clock, in ms. A missed one is made up for by one tick, not by many."""

    def __init__(self, now_ms: int) -> None:
        self._last = now_ms
        self._next = now_ms

    def ticked(self, now_ms: int, position_ms: int, due_ms: int | None, *, busy: bool) -> None:
        """Plan the next tick behind the one at *now_ms*; positions are on the diary's time line."""
        self._last = now_ms
        wait = BUSY_MS if busy else QUIET_MS
        wait = min(wait, MINUTE_MS - position_ms % MINUTE_MS)
        if due_ms is not None:
            wait = min(wait, max(0, due_ms - position_ms))
        self._next = now_ms + wait

    def hasten(self) -> None:
        """Something happened after quiet: tick as soon as a second has passed since the last one."""
        self._next = min(self._next, self._last + BUSY_MS)

    @property
    def next_ms(self) -> int:
        """The next deadline."""
        return self._next
