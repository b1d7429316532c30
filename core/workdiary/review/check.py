"""Holding a review against the journal that it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.diary.fold import fold, segment_id
from workdiary.diary.money import money
from workdiary.diary.week import week as bill_week
from workdiary.errors import RuleError
from workdiary.journal import entry as kinds
from workdiary.review.make import left_to_pay
from workdiary.slots import parse_week, slot_start_ms, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workdiary.diary.model import Record
    from workdiary.diary.rules import Rules
    from workdiary.review.form import ChainRef, Review

_REMEDY = "Export the week again, send it, and ask for a new answer."


def check_review(review: Review, records: Iterable[Record], rules: Rules, device: str) -> dict[str, str]:
    """Return what was done to disputed segments after the review, by segment id; nothing confuses it.

    :param records: the contract's chain on *device*: what concerns the week, the stretch on which the review rests,
        terms, and everything later that touches them.
    :raises RuleError: it answers another export than one of this journal; said in plain words.
    """
    body = review.body
    by_seq = {one.entry.seq: one for one in records}
    own = next((one for one in body.chains if one.device == device), None)
    if own is None:
        raise _other("it is about another device's diary")
    _require_head(own, by_seq)
    for one in body.disputed:
        found = by_seq.get(one.seq)
        if one.device != device:
            continue
        if found is None or found.digest != one.digest or getattr(found.entry, "slot", None) != one.slot:
            when = spoken(slot_start_ms(one.slot))
            raise _other(f"entry {one.seq} ({when}) is not the one in your diary")
    later = [one.entry for one in by_seq.values() if one.entry.seq > own.head]
    if len(body.chains) == 1:
        _require_total(review, [one for one in by_seq.values() if one.entry.seq <= own.head], rules, later)
    return {
        segment_id(device, body.contract, one.seq): said
        for one in body.disputed
        if one.device == device and (said := _since(one.seq, later))
    }


def _require_head(own: ChainRef, by_seq: Mapping[int, Record]) -> None:
    head = by_seq.get(own.head)
    if head is None:
        last = max(by_seq, default=0)
        raise _other(f"it rests on entries up to {own.head}, of which your diary, up to {last}, has not all")
    if head.digest != own.digest:
        raise _other(f"entry {own.head} ({spoken(head.entry.at)}) is not the one in your diary")


def _require_total(review: Review, records: list[Record], rules: Rules, later: list[kinds.AnyEntry]) -> None:
    """Compare the sum; where values were erased since, it cannot be computed as it was, and is the client's word."""
    body = review.body
    log = fold(records)
    week = bill_week(log, parse_week(body.week), body.contract, rules)
    seconds, minor = left_to_pay(week, log.terms.get(body.contract, ()), review.reasons().keys())
    said, found = (body.approved.seconds, body.approved.amount), (seconds, minor)
    if said == found or any(isinstance(one, kinds.Tombstone) for one in later):
        return
    currency = week.statement.currency
    raise _other(
        f"it approves {said[0]} s, {money(said[1], body.approved.currency or currency)}; "
        f"without what it disputes, your diary gives {found[0]} s, {money(found[1], currency)}"
    )


def _since(seq: int, later: Iterable[kinds.AnyEntry]) -> str:
    """Return what was done to an entry after the review."""
    stones = [one for one in later if isinstance(one, kinds.Tombstone) and seq in one.of]
    if any("*" in one.fields for one in stones):
        return "deleted after the review"
    if stones:
        return "its image was removed after the review"
    if any(isinstance(one, kinds.Edit) and seq in one.of for one in later):
        return "its memo was edited after the review"
    return ""


def _other(why: str) -> RuleError:
    return RuleError(f"this review answers another export: {why}", remedy=_REMEDY)
