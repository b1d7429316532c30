"""Everything that the page of a week shows. Days are UTC days: that is how a week is billed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.diary.terms import in_force
from workdiary.diary.week import amount
from workdiary.slots import SLOTS_PER_DAY, day_of, week_name, week_slots

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from workdiary.diary.model import Segment, Since, Statement, Week


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """One day of a contract, or what came late from earlier weeks (``date`` is None)."""

    date: date | None
    tracked_seconds: int
    manual_seconds: int
    over_seconds: int
    deleted_seconds: int
    elsewhere_seconds: int  #: recorded after the lock: billed in a later week
    billable_seconds: int
    amount: int  #: minor units; the lines add up to the statement's

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return not (self.tracked_seconds or self.manual_seconds or self.deleted_seconds or self.elsewhere_seconds)


@dataclass(frozen=True, kw_only=True)
class LimitBar:
    """How far the weekly limit is used up, in thousandths of the bar."""

    limit: int
    used: int  #: seconds that are billed
    over: int
    used_width: int
    over_width: int


@dataclass(frozen=True, kw_only=True)
class ContractWeek:
    """One contract's week."""

    contract: str
    title: str
    client: str
    billing: str
    lines: tuple[DayLine, ...]
    limit: LimitBar | None
    statement: Statement
    unprotected: int  #: billed segments that fail a rule
    gaps: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return (
            not self.statement.segments
            and not self.statement.deleted_seconds
            and all(one.is_empty for one in self.lines)
        )


def contract_week(week: Week, history: Sequence[Since]) -> ContractWeek:
    """Return a week for its page."""
    first = week_slots(week.number).start
    by_day: list[list[Segment]] = [[] for _ in range(7)]
    for one in week.segments:
        by_day[(one.slot - first) // SLOTS_PER_DAY].append(one)
    lines = []
    billed: dict[int, int] = defaultdict(int)
    for index, own in enumerate([list(week.carried), *by_day]):
        if index == 0 and not own:
            continue
        when = day_of(first + (index - 1) * SLOTS_PER_DAY) if index else None
        lines.append(_line(when, own, week.number, history, billed))
    return ContractWeek(
        contract=week.contract,
        title=week.terms.title if week.terms else week.contract,
        client=week.terms.client if week.terms else "",
        billing=week.terms.billing if week.terms else "",
        lines=tuple(lines),
        limit=_limit(week),
        statement=week.statement,
        unprotected=sum(1 for one in week.segments if one.fails and one.billable_seconds),
        gaps=len(week.gaps),
    )


def _line(
    when: date | None, own: Sequence[Segment], number: int, history: Sequence[Since], billed: dict[int, int]
) -> DayLine:
    kept = [one for one in own if not one.deleted]
    mine = [one for one in kept if one.billed_week == number]
    before = amount(billed)
    for one in mine:
        terms = in_force(history, one.start_ms)
        billed[terms.rate if terms else 0] += one.billable_seconds
    return DayLine(
        date=when,
        tracked_seconds=sum(one.tracked_seconds for one in kept if one.source == "tracked"),
        manual_seconds=sum(one.tracked_seconds for one in kept if one.source == "manual"),
        over_seconds=sum(one.over_limit_seconds for one in mine),
        deleted_seconds=sum(one.deleted_seconds for one in own),
        elsewhere_seconds=sum(one.tracked_seconds for one in kept if one.billed_week != number),
        billable_seconds=sum(one.billable_seconds for one in mine),
        amount=amount(billed) - before,
    )


def _limit(week: Week) -> LimitBar | None:
    if week.limit is None:
        return None
    used, over = week.statement.billable_seconds, week.statement.over_limit_seconds
    whole = max(week.limit, used + over, 1)
    return LimitBar(
        limit=week.limit,
        used=used,
        over=over,
        used_width=used * 1000 // whole,
        over_width=over * 1000 // whole,
    )


def countdown(lock_ms: int, wall_ms: int) -> str:
    """Return how long a week is open still, such as ``4 days 17 h``; empty if it is locked."""
    minutes = -(-(lock_ms - wall_ms) // 60_000)
    if minutes <= 0:
        return ""
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} {'day' if days == 1 else 'days'} {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def neighbours(number: int) -> tuple[str, str]:
    """Return the names of the week before and the week after."""
    return week_name(number - 1), week_name(number + 1)
