"""When something that failed is tried again."""

from __future__ import annotations

from workdiary.plugins.contract import FIRST_REST, LONGEST_REST


class Backoff:
    """Count failures in a row; from the *tolerance*-th on, rest 5 s, doubling to 10 minutes."""

    __slots__ = ("_delay", "_row", "_tolerance", "_until")

    def __init__(self, tolerance: int) -> None:
        self._tolerance = tolerance
        self._row = 0
        self._delay = FIRST_REST
        self._until = 0.0

    def fail(self, now: float, least: float = 0.0) -> bool:
        """Note a failure at *now*; whether a rest begins with it, of so many seconds at *least*."""
        self._row += 1
        if self._row < self._tolerance:
            return False
        self._delay = max(self._delay, least)
        self._until = now + self._delay
        self._delay = min(self._delay * 2, LONGEST_REST)
        return True

    def succeed(self) -> None:
        """Forget all failures."""
        if self._row:
            self._row = 0
            self._delay = FIRST_REST
            self._until = 0.0

    def left(self, now: float) -> float:
        """Return the seconds of rest that are left, zero or less when it may be tried."""
        return self._until - now if self._row >= self._tolerance else 0.0
