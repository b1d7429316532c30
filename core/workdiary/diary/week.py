"""One contract's week: what is billed, what is over the limit, what is protected, and the statement."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from workdiary.diary.limits import limit_at, split
from workdiary.diary.model import Day, Line, Statement, Week
from workdiary.diary.rules import rules_hash
from workdiary.diary.terms import Terms, in_force
from workdiary.errors import RuleError
from workdiary.slots import SLOT_SECONDS, day_of, day_slots, slot_start_ms, week_name, week_slots

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workdiary.diary.model import Log, Segment, Since
    from workdiary.diary.rules import Rules


def week(log: Log, number: int, contract: str, rules: Rules) -> Week:
    """Return the week of one contract, with every segment billed and judged.

    Raises:
        RuleError: the terms name a rule that is not installed, or two currencies.
    """
    history = log.terms.get(contract, ())
    slots = week_slots(number)
    own = [segment for segment in log.segments if segment.contract == contract]
    billed = _bill([segment for segment in own if segment.billed_week == number], number, history, rules)
    by_id = {segment.id: segment for segment in billed}
    shown = [by_id.get(segment.id, segment) for segment in own if segment.slot in slots]
    end = slot_start_ms(slots.stop)
    return Week(
        number=number,
        contract=contract,
        terms=in_force(history, end - 1),
        limit=limit_at(history, number, end - 1),
        segments=tuple(_judged(segment, history, rules) for segment in shown),
        carried=tuple(_judged(segment, history, rules) for segment in billed if segment.late),
        gaps=tuple(
            gap
            for gap in log.gaps
            if gap.contract == contract and gap.start_ms < end and gap.end_ms > slot_start_ms(slots.start)
        ),
        statement=_statement(billed, number, contract, history, rules),
    )


def days(week: Week) -> tuple[Day, ...]:
    """Return the seven days of a week; a gap belongs to every day that it touches."""
    dates = [day_of(slot) for slot in week_slots(week.number)[::144]]
    found = []
    for date in dates:
        slots = day_slots(date)
        start, end = slot_start_ms(slots.start), slot_start_ms(slots.stop)
        segments = tuple(segment for segment in week.segments if segment.slot in slots)
        gaps = tuple(gap for gap in week.gaps if gap.start_ms < end and gap.end_ms > start)
        found.append(Day(date=date, segments=segments, gaps=gaps))
    return tuple(found)


def _bill(segments: Iterable[Segment], number: int, history: Sequence[Since], rules: Rules) -> list[Segment]:
    """Bill segments in order of time: at most 600 s a slot, at most the limit a week."""
    in_slot: dict[int, int] = defaultdict(int)
    total = 0
    billed = []
    for segment in segments:
        terms = in_force(history, segment.start_ms)
        if terms is None or segment.void or segment.deleted:
            billed.append(segment)
            continue
        seconds = rules.billing_rule(terms.billing).seconds(segment)
        seconds = min(max(seconds, 0), SLOT_SECONDS - in_slot[segment.slot])
        within, over = split(seconds, total, limit_at(history, number, segment.start_ms))
        in_slot[segment.slot] += seconds
        total += within
        billed.append(segment.having(billable_seconds=within, over_limit_seconds=over))
    return billed


def _judged(segment: Segment, history: Sequence[Since], rules: Rules) -> Segment:
    terms = in_force(history, segment.start_ms)
    if terms is None or segment.deleted:
        return segment
    fails = rules.protection_rule(terms.protection).failures(segment)
    return segment.having(fails=fails) if fails else segment


def _statement(
    billed: Sequence[Segment], number: int, contract: str, history: Sequence[Since], rules: Rules
) -> Statement:
    used = [(terms, segment) for segment in billed if (terms := in_force(history, segment.start_ms)) is not None]
    by_rate: dict[int, int] = defaultdict(int)
    for terms, segment in used:
        by_rate[terms.rate] += segment.billable_seconds
    names = _rule_names({terms for terms, _ in used} or _at(history, number), rules)
    shown = [segment for segment in billed if not segment.deleted]
    return Statement(
        contract=contract,
        week=week_name(number),
        segments=len(shown),
        tracked_seconds=sum(segment.tracked_seconds for segment in shown if segment.source == "tracked"),
        manual_seconds=sum(segment.tracked_seconds for segment in shown if segment.source == "manual"),
        overlap_seconds=sum(segment.overlap_seconds for segment in shown),
        over_limit_seconds=sum(segment.over_limit_seconds for segment in shown),
        deleted_seconds=sum(segment.deleted_seconds for segment in billed),
        void_seconds=sum(segment.tracked_seconds for segment in shown if segment.void),
        late_seconds=sum(segment.billable_seconds for segment in shown if segment.late),
        billable_seconds=sum(segment.billable_seconds for segment in shown),
        lines=tuple(Line(rate=rate, seconds=seconds) for rate, seconds in sorted(by_rate.items()) if seconds),
        amount=amount(by_rate),
        currency=_currency(history),
        rules=names,
        rules_hash=rules_hash(names),
    )


def amount(seconds_by_rate: dict[int, int]) -> int:
    """Return minor units for seconds at rates per hour, rounded once, half up."""
    return (2 * sum(rate * seconds for rate, seconds in seconds_by_rate.items()) + 3600) // 7200


def _at(history: Sequence[Since], number: int) -> set[Terms]:
    terms = in_force(history, slot_start_ms(week_slots(number).stop) - 1)
    return {terms} if terms else set()


def _rule_names(terms: Iterable[Terms], rules: Rules) -> tuple[str, ...]:
    billing = {rules.billing_rule(one.billing) for one in terms}
    protection = {rules.protection_rule(one.protection) for one in terms}
    names = [f"billing {rule.name} {rule.version}" for rule in billing]
    names += [f"protection {rule.name} {rule.version}" for rule in protection]
    return tuple(sorted(names))


def _currency(history: Sequence[Since]) -> str:
    currencies = {since.terms.currency for since in history}
    if len(currencies) > 1:
        raise RuleError(
            f"the contract's terms are in {' and '.join(sorted(currencies))}",
            remedy="End the contract and add a new one in the other currency.",
        )
    return currencies.pop() if currencies else ""
