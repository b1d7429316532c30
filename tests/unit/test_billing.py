"""Promises of the bill: limits, rates, rounding, conservation."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workdiary.builtin.rules import BILLING, PROTECTION, RULES
from workdiary.diary.fold import fold
from workdiary.diary.limits import limit_at
from workdiary.diary.model import Record, Since, Terms
from workdiary.diary.rules import BillingRule, Rules
from workdiary.diary.week import amount, week
from workdiary.errors import RuleError
from workdiary.journal import entry as kinds
from workdiary.proof.export import records_of
from workdiary.slots import SLOT_MS, slot_start_ms, week_slots
from workdiary.testing.weeks import CONTRACT, make_week

WEEK = 2900
SLOT = week_slots(WEEK).start
MONDAY = slot_start_ms(SLOT)
TERMS = Terms(title="Acme", rate=6000, currency="EUR")
SHOT = kinds.canonical(
    {
        "taken_at": 1,
        "cause": "derived",
        "images": [
            {"sha256": "a", "width": 1, "height": 1, "bytes": 1, "media_type": "i"}
            | {"taken_at": 1, "cause": "derived", "noticed_at": 2, "noticed_by": "notify"}
        ],
    }
)


def log_of(*changes, slots=(0,), openings=(SHOT,), intervals=((0, SLOT_MS),)):
    """Fold terms given as (time, terms), and segments in slots of the week."""
    common = {"device": "a" * 16, "contract": "acme", "prev": ""}
    made = [
        Record(entry=kinds.Terms(seq=number, at=at, terms=terms.to_entry(), **common))
        for number, (at, terms) in enumerate(changes, 1)
    ]
    for index, slot in enumerate(slots):
        values = {"session": "s", "slot": SLOT + slot, "intervals": list(intervals), "moments": [], "commits": {}}
        entry = kinds.Segment(seq=100 + index, at=slot_start_ms(SLOT + slot + 1), **values, **common)
        made.append(Record(entry=entry, openings={"snapshot": openings[index % len(openings)]}))
    return fold(made)


def bill(*changes, **segments):
    return week(log_of(*changes, **segments), WEEK, "acme", RULES)


def since(at, limit):
    return Since(at=at, terms=replace(TERMS, weekly_limit=limit))


def test_a_raised_limit_counts_at_once():
    history = [since(0, 3600), since(MONDAY + 5, 7200)]
    assert limit_at(history, WEEK, MONDAY + 4) == 3600
    assert limit_at(history, WEEK, MONDAY + 5) == 7200


def test_a_cut_limit_counts_from_the_next_monday():
    history = [since(0, 7200), since(MONDAY + 5, 3600)]
    assert limit_at(history, WEEK, MONDAY + 6) == 7200
    assert limit_at(history, WEEK + 1, slot_start_ms(SLOT + 1008)) == 3600


def test_no_limit_beats_every_limit():
    assert limit_at([since(0, 3600), since(MONDAY + 5, None)], WEEK, MONDAY + 6) is None


def test_hours_over_the_limit_are_shown_marked_and_not_billed():
    found = bill((0, replace(TERMS, weekly_limit=900)), slots=(0, 1, 2))
    assert [(one.billable_seconds, one.over_limit_seconds) for one in found.segments] == [
        (600, 0),
        (300, 300),
        (0, 600),
    ]
    assert (found.statement.billable_seconds, found.statement.over_limit_seconds) == (900, 900)
    assert any("over the weekly limit" in text for text in found.segments[2].fails)


def test_each_segment_is_paid_at_the_rate_in_force_when_its_slot_began():
    found = bill((0, TERMS), (MONDAY + SLOT_MS, replace(TERMS, rate=12_000)), slots=(0, 1))
    assert [(line.rate, line.seconds) for line in found.statement.lines] == [(6000, 600), (12_000, 600)]
    assert found.statement.amount == 1000 + 2000


@given(st.dictionaries(st.integers(0, 10**6), st.integers(0, 604_800), max_size=4))
def test_money_is_rounded_once_half_up_in_integers(seconds):
    exact = sum((Fraction(rate * count, 3600) for rate, count in seconds.items()), Fraction(0))
    assert amount(seconds) == int(exact + Fraction(1, 2))


def test_whole_segment_pays_600_seconds_for_a_snapshot_and_nothing_without():
    missing = kinds.canonical({"missing": "the screen was locked"})
    terms = replace(TERMS, billing="whole-segment")
    found = bill((0, terms), slots=(0, 1), openings=(SHOT, missing), intervals=[(0, 1000)])
    assert [one.billable_seconds for one in found.segments] == [600, 0]


def test_no_rule_can_bill_more_than_600_seconds_in_one_slot():
    greedy = BillingRule(name="real-time", version=9, seconds=lambda _: 10**6)
    log = log_of((0, TERMS), slots=(0, 0, 1))
    found = week(log, WEEK, "acme", Rules.of([greedy], PROTECTION))
    assert [one.billable_seconds for one in found.segments] == [600, 0, 600]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_every_second_is_billed_over_the_limit_overlapping_or_void(seed):
    made = make_week(seed, slots_per_device=8)
    log = fold(record for part in made.parts() for record in records_of(part))
    rules = Rules.of([replace(BILLING[0], name=name) for name in ("real-time", "whole-segment")], PROTECTION)
    found = week(log, made.number, CONTRACT, rules).statement
    shown = found.tracked_seconds + found.manual_seconds
    spent = found.billable_seconds + found.over_limit_seconds + found.overlap_seconds + found.void_seconds
    assert shown == spent
    assert sum(line.seconds for line in found.lines) == found.billable_seconds
    erased = sum(one.deleted_seconds for one in log.segments)
    assert erased == found.deleted_seconds
    assert found.amount == amount({line.rate: line.seconds for line in found.lines})


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_no_slot_of_a_person_is_billed_twice(seed):
    made = make_week(seed, slots_per_device=8)
    log = fold(record for part in made.parts() for record in records_of(part))
    per_slot: dict[int, int] = {}
    for one in week(log, made.number, CONTRACT, RULES).segments:
        per_slot[one.slot] = per_slot.get(one.slot, 0) + one.billable_seconds
    assert all(0 <= seconds <= 600 for seconds in per_slot.values())


def test_the_statement_names_its_rules_and_their_hash():
    found = bill((0, TERMS)).statement
    assert found.rules == ("billing real-time 1", "protection standard 1")
    assert len(found.rules_hash) == 64
    assert kinds.parse(found.canonical())["billable_seconds"] == 600


def test_a_rule_that_is_not_installed_is_named_with_a_remedy():
    with pytest.raises(RuleError, match="half-price") as caught:
        bill((0, replace(TERMS, billing="half-price")))
    assert "real-time" in caught.value.remedy


def test_two_rules_of_one_name_are_refused():
    with pytest.raises(RuleError, match="real-time"):
        Rules.of([BILLING[0], BILLING[0]], PROTECTION)


def test_a_contract_in_two_currencies_has_no_statement():
    dollars = replace(TERMS, currency="USD")
    with pytest.raises(RuleError, match="EUR and USD"):
        bill((0, TERMS), (MONDAY, dollars))
    with pytest.raises(RuleError, match="USD"):
        TERMS.require_change_to(dollars)
    TERMS.require_change_to(replace(TERMS, rate=1))


def test_a_fixed_price_contract_bills_no_time():
    found = bill((0, replace(TERMS, type="fixed")))
    assert (found.statement.billable_seconds, found.statement.void_seconds) == (0, 600)


def test_an_empty_week_is_an_empty_statement():
    found = bill((0, TERMS), slots=())
    assert (found.statement.amount, found.statement.segments, found.statement.currency) == (0, 0, "EUR")
