"""The tick counter of Windows: 32 bits of milliseconds, which begin anew every 49.7 days."""

from __future__ import annotations

from typing import Protocol

WRAP = 1 << 32
HALF = WRAP // 2


def since(now: int, then: int) -> int:
    """Return the milliseconds from *then* to *now*, each a counter of 32 bits that may have begun anew in between.

    Some interfaces hand the counter out with a sign, so that it is negative from the 24.8th day on: that is the same
    number. An input that was stamped a moment after *now* was read is taken for now.
    """
    passed = (now - then) % WRAP
    return 0 if passed >= HALF else passed


class Clock(Protocol):
    """What Windows tells of input."""

    def tick(self) -> int:
        """Return the counter of 32 bits."""

    def last_input(self) -> int:
        """Return what the counter showed at the last input of any kind."""


def idle_ms(clock: Clock) -> int:
    """Return the milliseconds since the last input."""
    return since(clock.tick(), clock.last_input())
