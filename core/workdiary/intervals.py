"""Exact arithmetic on half-open intervals of milliseconds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Intervals = list[tuple[int, int]]


def union(intervals: Iterable[tuple[int, int]]) -> Intervals:
    """Return the ascending, disjoint intervals that cover the same time."""
    merged: Intervals = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def cover(covered: Intervals, intervals: Iterable[tuple[int, int]]) -> int:
    """Add *intervals*, disjoint within themselves, to *covered*; return how much of them it had covered before.

    *covered* is ascending and disjoint, and stays so.
    """
    shared = 0
    for start, end in intervals:
        first = bisect_left(covered, start, key=itemgetter(1))
        last = bisect_right(covered, end, lo=first, key=itemgetter(0))
        met = covered[first:last]
        shared += sum(max(0, min(end, other_end) - max(start, other_start)) for other_start, other_end in met)
        covered[first:last] = union([*met, (start, end)])
    return shared


def are_well_formed(intervals: Sequence[tuple[int, int]], limit: int) -> bool:
    """Say whether ``0 <= from < to <= limit``, ascending and disjoint."""
    last = 0
    for start, end in intervals:
        if not last <= start < end <= limit:
            return False
        last = end
    return bool(intervals)
