"""From odometers to counts per minute, where a minute that was not wholly seen is unknown, never zero."""

from __future__ import annotations

from dataclasses import dataclass

from workdiary.payloads import Unknown
from workdiary.slots import MINUTE_MS

RESTARTED = "the meter was restarted"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a reading adds to one minute (minutes since 1970): an amount, or that it cannot be known."""

    minute: int
    value: int | Unknown


class Odometer:
    """One counted field. It remembers the last good reading, so that a missed one in between costs nothing."""

    def __init__(self) -> None:
        self._source: tuple[str, str] | None = None  # who counted, in which run
        self._total = 0
        self._since = 0  # position of the last good reading
        self._doubt: Unknown | None = None

    def doubtful(self, end: int) -> list[Measured]:
        """Return what cannot be known for now about the time up to *end*; the next reading may clear it."""
        if self._doubt is None or end <= self._since:
            return []
        return [Measured(minute, self._doubt) for minute in _minutes(self._since, end)]

    def rebase(self, position: int) -> None:
        """Go on behind a gap: what was counted in it is not ours."""
        self._source = None
        self._since = position
        self._doubt = None

    def read(self, end: int, source: tuple[str, str], total: int | Unknown) -> list[Measured]:
        """Take the reading at position *end*; return what is now certain."""
        if isinstance(total, Unknown):
            self._doubt = total
            return []
        first = self._source is None
        same = self._source == source and total >= self._total  # an odometer that fell was restarted unnoticed
        begun, grown = self._since, total - self._total
        doubt = self._doubt
        self._source, self._total, self._since, self._doubt = source, total, end, None
        if first and doubt is None:
            # The first reading of an interval is its zero point; the tick that starts tracking takes it at once.
            return [] if begun == end else [Measured(m, Unknown(reason=RESTARTED)) for m in _minutes(begun, end)]
        if not same:
            return [Measured(m, doubt or Unknown(reason=RESTARTED)) for m in _minutes(begun, end)]
        if doubt is None or begun // MINUTE_MS == (end - 1) // MINUTE_MS:
            return [Measured(begun // MINUTE_MS, grown)]
        if grown == 0:
            return []
        return [Measured(m, doubt) for m in _minutes(begun, end)]

    def settle(self, end: int) -> list[Measured]:
        """Give up on the doubt up to *end*: nothing will clear it any more."""
        lost, doubt = self.doubtful(end), self._doubt
        if lost:
            self.rebase(end)
            self._doubt = doubt
        return lost


def _minutes(start: int, end: int) -> range:
    return range(start // MINUTE_MS, (max(start, end - 1)) // MINUTE_MS + 1)
