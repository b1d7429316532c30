"""Whole seconds per minute, and what may be said about activity."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from workdiary.diary.model import Minute
from workdiary.diary.openings import COUNTS
from workdiary.slots import MINUTE_MS, SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workdiary.diary.openings import Counts

_NOTHING = (None, None, None, None)
_WHOLE_SLOT = [(0, SLOT_MS)]


def total_ms(intervals: Iterable[tuple[int, int]]) -> int:
    """Return the length of disjoint intervals."""
    return sum(end - start for start, end in intervals)


def per_minute(intervals: Sequence[tuple[int, int]]) -> list[int]:
    """Return the milliseconds that the intervals share with each of the slot's ten minutes, and nothing outside."""
    if list(intervals) == _WHOLE_SLOT:  # most are
        return [MINUTE_MS] * 10
    shares = [0] * 10
    for start, end in ((max(start, 0), min(end, SLOT_MS)) for start, end in intervals):
        for minute in range(start // MINUTE_MS, (end - 1) // MINUTE_MS + 1):
            shares[minute] += min(end, (minute + 1) * MINUTE_MS) - max(start, minute * MINUTE_MS)
    return shares


def measured(intervals: Sequence[tuple[int, int]], counts: Counts | None) -> dict[str, Any]:
    """Return a segment's minutes, sums, activity and what is unknown, as fields of ``Segment``.

    Seconds are cut cumulatively, so that the minutes add up to the whole seconds of the segment.
    """
    shares = per_minute(intervals)
    rows = counts.minutes if counts else (_NOTHING,) * 10
    tracked = [row for share, row in zip(shares, rows, strict=True) if share]
    verdicts = [is_active(*row) for row in tracked]
    columns = zip(*rows, strict=True), zip(*tracked, strict=True) if tracked else [()] * len(COUNTS)
    sums = {field: _sum(*pair) for field, *pair in zip(COUNTS, *columns, strict=True)}
    elapsed = [0, *accumulate(shares)]
    seconds = [after // 1000 - before // 1000 for before, after in pairwise(elapsed)]
    return {
        "tracked_seconds": elapsed[-1] // 1000,
        "minutes": tuple(Minute._make((whole, *row)) for whole, row in zip(seconds, rows, strict=True)),
        **sums,
        "activity": None if verdicts and set(verdicts) == {None} else verdicts.count(True),
        "judged_minutes": len(verdicts) - verdicts.count(None),
        "sources": counts.sources if counts else {},
        "unknown": _reasons(counts, [field for field, value in sums.items() if value is None]),
    }


def is_active(keys: int | None, clicks: int | None, scrolls: int | None, active: int | None) -> bool | None:
    """Say whether anything was done in a minute; None if a meter that might have seen it saw nothing at all."""
    if keys or clicks or scrolls or active:
        return True
    if active == 0 or (keys == clicks == scrolls == 0):
        return False
    return None


def _sum(column: Sequence[int | None], tracked: Sequence[int | None]) -> int | None:
    return None if None in tracked else sum(filter(None, column))


def _reasons(counts: Counts | None, missing: Iterable[str]) -> dict[str, str]:
    if counts is None:
        return dict.fromkeys(missing, "withheld")
    return {**counts.unknown, **{field: counts.unknown.get(field, "no reason was recorded") for field in missing}}
