"""Active time where the desktop tells the time since the last input when asked, and never by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.source.active import ACTIVE_BELOW, ActiveTime, now_ms

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET_S = 1.0  #: between two looks while nobody does anything
BUSY_S = 0.25  #: and while somebody does


class PolledIdle:
    """Look from time to time. A burst counts from the first input that a look finds: never more than there was.

    Of two inputs between two looks only the later is told. Where it comes more than a second after the last one that
    was told, what lies between counts as quiet: a quarter of a second at most that may not have been.

    :param ask: returns the milliseconds since the last input of any kind.
    """

    def __init__(self, ask: Callable[[], int]) -> None:
        self._ask = ask
        idle, now = ask(), now_ms()
        self._active = ActiveTime(now=now, idle=idle)
        self._quiet = idle >= ACTIVE_BELOW
        self._last = now - idle

    def look(self) -> bool:
        """Take the last input in; true if it ended a quiet second or more."""
        idle, now = self._ask(), now_ms()
        before, self._last = self._last, now - idle
        was_quiet, self._quiet = self._quiet, idle >= ACTIVE_BELOW
        if not was_quiet and self._last - before > ACTIVE_BELOW:
            self._active.begin_quiet(last_input=before)
            self._active.end_quiet(at=self._last)
        if self._quiet:
            self._active.begin_quiet(last_input=self._last)
        elif was_quiet:
            self._active.end_quiet(at=self._last)
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
