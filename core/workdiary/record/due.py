"""Which snapshots are due, and which are under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.journal.entry import Moment
from workdiary.slots import SLOT_MS, SLOT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workdiary.record.days import Days
    from workdiary.record.segment import OpenSegment


@dataclass(frozen=True, kw_only=True)
class Due:
    """A snapshot that falls due now."""

    slot: int
    cause: str


class Dues:
    """One session's snapshots. *plan* adds moments to the derived one: slot, start, derived -> seconds of the slot."""

    def __init__(self, days: Days, plan: Callable[[int, int, int], Iterable[int]]) -> None:
        self._days = days
        self._plan = plan
        self._pending: dict[int, int] = {}  # slot -> snapshots under way

    def derive(self, segment: OpenSegment, position: int) -> None:
        """Give the rest of the slot its moment, once per stretch of tracking."""
        begun = min(SLOT_SECONDS - 1, -(-(position - segment.slot * SLOT_MS) // 1000))
        if segment.intervals and segment.intervals[-1][1] == position - segment.slot * SLOT_MS:
            return  # the same stretch goes on
        at = self._days.moment(segment.slot, begun)
        segment.moments.append(Moment(start=begun, at=at))
        segment.due = [(at, "derived"), *((more, "policy") for more in self._plan(segment.slot, begun, at))]

    def take(self, segment: OpenSegment, position: int) -> list[Due]:
        """Return the snapshots that are due at *position*; they are under way until they have ``ended``."""
        second = (position - segment.slot * SLOT_MS) // 1000
        ready = [cause for at, cause in segment.due if at <= second]
        segment.due = [(at, cause) for at, cause in segment.due if at > second]
        self._pending[segment.slot] = self._pending.get(segment.slot, 0) + len(ready)
        return [Due(slot=segment.slot, cause=cause) for cause in ready]

    def next_ms(self, segment: OpenSegment) -> int | None:
        """Return when the segment's next snapshot falls due, as a position in ms."""
        return segment.slot * SLOT_MS + min(at for at, _ in segment.due) * 1000 if segment.due else None

    def under_way(self, slot: int) -> bool:
        """Say whether an outcome is still to come."""
        return bool(self._pending.get(slot))

    def ended(self, slot: int) -> None:
        """One outcome has come."""
        self._pending[slot] = max(0, self._pending.get(slot, 0) - 1)

    def forget(self, slot: int) -> None:
        """Whatever is under way for the slot is not waited for."""
        self._pending.pop(slot, None)
