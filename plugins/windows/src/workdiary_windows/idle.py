"""Active time from the time of the last input, which Windows tells when asked and never by itself."""

from __future__ import annotations

from typing import Protocol

from workdiary.source.active import ACTIVE_BELOW, ActiveTime, now_ms
from workdiary_windows.ticks import since

QUIET_S = 1.0  #: between two looks while nobody does anything
BUSY_S = 0.25  #: and while somebody does: how late the last input of a burst may be seen without a loss


class Clock(Protocol):
    """What Windows tells of input."""

    def tick(self) -> int:
        """Return the counter of 32 bits."""

    def last_input(self) -> int:
        """Return what the counter showed at the last input of any kind."""


class Idle:
    """Look from time to time. A burst counts from the first input that a look finds: never more than there was."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        idle = self._idle()
        self._active = ActiveTime(now=now_ms(), idle=idle)
        self._quiet = idle >= ACTIVE_BELOW

    def look(self) -> bool:
        """Take the last input in; true if it ended a quiet second or more."""
        idle, now = self._idle(), now_ms()
        was_quiet, self._quiet = self._quiet, idle >= ACTIVE_BELOW
        if self._quiet:
            self._active.begin_quiet(last_input=now - idle)
        elif was_quiet:
            self._active.end_quiet(at=now - idle)
        return was_quiet and not self._quiet

    @property
    def wait_s(self) -> float:
        """How long the next look may wait."""
        return QUIET_S if self._quiet else BUSY_S

    def active_ms(self) -> int:
        """Return the odometer."""
        return self._active.active_ms(now_ms())

    def idle_ms(self) -> int:
        """Return the time since the last input."""
        return self._active.idle_ms(now_ms())

    def _idle(self) -> int:
        return since(self._clock.tick(), self._clock.last_input())
