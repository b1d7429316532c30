"""Everything that the page of a day shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.slots import lock_ms, slot_start_ms, week_of
from workdiary_web.site.models.cards import Card, card
from workdiary_web.site.models.openseg import is_sealed
from workdiary_web.site.models.rows import Row, rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from workdiary.diary.model import GapView, Segment, Week
    from workdiary_web.site.models.idle import Asked
    from workdiary_web.site.models.zones import Clock


@dataclass(frozen=True, kw_only=True)
class ContractSum:
    """What one contract has in the day."""

    contract: str
    title: str
    rule: str  #: the billing rule by which its time is billable
    tracked_seconds: int
    manual_seconds: int
    billable_seconds: int
    over_seconds: int
    deleted: int


@dataclass(frozen=True, kw_only=True)
class DayPage:
    """A day of one contract or of all."""

    date: date
    rows: tuple[Row, ...]
    sums: tuple[ContractSum, ...]
    gaps: tuple[GapView, ...]
    cards: int
    selectable: int


def day_page(
    day: date,
    weeks: Sequence[Week],
    *,
    clock: Clock,
    wall_ms: int,
    waiting: Mapping[str, int] | None = None,
    unsealed: Sequence[Segment] = (),
    idle: Asked | None = None,
) -> DayPage:
    """Return a day on the viewer's clock.

    :param weeks: all weeks of the contracts to show that share time with the day.
    :param unsealed: the segments that are not in the journal yet.
    :param idle: the open question about time without input.
    """
    slots = clock.slots(day)
    start, end = slot_start_ms(slots.start), slot_start_ms(slots.stop)
    segments = [one for week in weeks for one in week.segments if one.slot in slots]
    segments += [one for one in unsealed if one.slot in slots]
    gaps = {gap for week in weeks for gap in week.gaps if gap.start_ms < end and gap.end_ms > start}
    by_slot: dict[int, list[Card]] = defaultdict(list)
    for one in sorted(segments, key=lambda one: (one.slot, one.contract, one.seq)):
        waits = idle.undecided(one.slot, clock) if idle and not is_sealed(one) else ""
        by_slot[one.slot].append(card(one, waiting or {}, locked=is_locked_for(one, wall_ms), undecided=waits))
    ordered = tuple(sorted(gaps, key=lambda gap: gap.start_ms))
    every = [one for cards in by_slot.values() for one in cards]
    return DayPage(
        date=day,
        rows=rows(slots, by_slot, ordered, clock, wall_ms),
        sums=tuple(_sums(weeks, segments)),
        gaps=ordered,
        cards=len(every),
        selectable=sum(one.selectable for one in every),
    )


def is_locked_for(segment: Segment, wall_ms: int) -> bool:
    """Say whether a segment cannot be changed any more."""
    return wall_ms >= lock_ms(segment.billed_week)


def weeks_of(slots: range) -> range:
    """Return the numbers of the weeks that slots lie in: a day on a local clock may touch two."""
    return range(week_of(slots.start), week_of(slots.stop - 1) + 1)


def _sums(weeks: Sequence[Week], segments: Sequence[Segment]) -> list[ContractSum]:
    terms = {week.contract: week.terms for week in weeks}
    found = []
    for contract in dict.fromkeys(one.contract for one in segments):
        own = [one for one in segments if one.contract == contract]
        kept = [one for one in own if not one.deleted]
        agreed = terms.get(contract)
        found.append(
            ContractSum(
                contract=contract,
                title=agreed.title if agreed else contract,
                rule=agreed.billing if agreed else "",
                tracked_seconds=sum(one.tracked_seconds for one in kept if one.source == "tracked"),
                manual_seconds=sum(one.tracked_seconds for one in kept if one.source == "manual"),
                billable_seconds=sum(one.billable_seconds for one in kept),
                over_seconds=sum(one.over_limit_seconds for one in kept),
                deleted=len(own) - len(kept),
            )
        )
    return found
