"""Promises of the fold: time, unknowns, overlap, edits, tombstones, manual time."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workdiary.builtin.rules import RULES
from workdiary.diary.fold import billed_week, fold
from workdiary.diary.minutes import measured, per_minute, total_ms
from workdiary.diary.model import Record, Terms
from workdiary.diary.openings import Counts
from workdiary.diary.view import diary_json, segment_json
from workdiary.diary.week import days, week
from workdiary.errors import StorageError
from workdiary.intervals import cover, union
from workdiary.journal import entry as kinds
from workdiary.proof.export import records_of
from workdiary.slots import SLOT_MS, lock_ms, slot_start_ms, week_slots
from workdiary.testing.weeks import make_week

WEEK = 2900
SLOT = week_slots(WEEK).start
MONDAY = slot_start_ms(SLOT)
TERMS = Terms(title="Acme", rate=6000, currency="EUR", manual=True)
ROW = [1, 2, 3, 4]


class Journal:
    """A chain that needs no signature."""

    def __init__(self, device="a" * 16, terms=TERMS):
        self.records = []
        self.device = device
        self.add(kinds.Terms, MONDAY - 1000, terms=terms.to_entry())

    def add(self, kind, at, openings=None, **values):
        seq = len(self.records)
        made = kind(device=self.device, contract="acme", seq=seq, prev="", at=at, **values)
        opened = {name: kinds.canonical(value) for name, value in (openings or {}).items()}
        self.records.append(Record(entry=made, openings=opened))
        return seq

    def track(self, slot=SLOT, intervals=((0, SLOT_MS),), at=None, **changed):
        image = {"sha256": "aa", "width": 2, "height": 1, "bytes": 9, "media_type": "image/webp"}
        image |= {"taken_at": slot_start_ms(slot) + 5, "cause": "derived", "not_noticed": "no notifier"}
        openings = {
            "window": {"app": "editor", "title": "parser.py"},
            "counts": {"minutes": [ROW] * 10, "unknown": {}, "sources": {}},
            "memo": "Write the parser",
            "snapshot": {"taken_at": slot_start_ms(slot) + 5, "cause": "derived", "images": [image]},
        }
        values = {"session": "s", "slot": slot, "intervals": list(intervals), "moments": [], "commits": {}}
        return self.add(kinds.Segment, at or slot_start_ms(slot + 1), {**openings, **changed}, **values)

    def segments(self, *others):
        records = [record for journal in (self, *others) for record in journal.records]
        return week(fold(records), WEEK, "acme", RULES).segments


def test_minutes_add_up_to_the_whole_seconds_of_the_segment():
    journal = Journal()
    journal.track(intervals=[(500, 59_999), (61_001, 200_002), (599_001, 600_000)])
    (segment,) = journal.segments()
    assert sum(minute.seconds for minute in segment.minutes) == segment.tracked_seconds
    assert segment.tracked_seconds == (59_499 + 139_001 + 999) // 1000


@given(st.lists(st.integers(0, SLOT_MS), min_size=2, max_size=12, unique=True))
def test_no_millisecond_is_lost_or_gained_between_minutes(points):
    ordered = sorted(points[: len(points) // 2 * 2])
    intervals = list(zip(ordered[::2], ordered[1::2], strict=True))
    assert sum(per_minute(intervals)) == total_ms(intervals)
    seconds = [minute.seconds for minute in measured(intervals, None)["minutes"]]
    assert sum(seconds) == total_ms(intervals) // 1000
    assert all(0 <= second <= 60 for second in seconds)


def test_an_unknown_count_is_never_summed_as_zero():
    journal = Journal()
    rows = [[None, 2, 3, 4]] + [ROW] * 9
    journal.track(counts={"minutes": rows, "unknown": {"keys": "no right to read input devices"}, "sources": {}})
    (segment,) = journal.segments()
    assert segment.keys is None
    assert segment.clicks == 20
    assert segment_json(segment)["unknown"] == {"keys": "no right to read input devices"}
    assert diary_json([segment], [])["totals"]["keys"] is None


def test_an_unknown_minute_that_was_not_tracked_does_not_spoil_the_sum():
    journal = Journal()
    journal.track(intervals=[(0, 60_000)], counts={"minutes": [ROW] + [[None] * 4] * 9, "unknown": {}, "sources": {}})
    (segment,) = journal.segments()
    assert (segment.keys, segment.activity, segment.judged_minutes) == (1, 1, 1)


def test_a_measured_zero_stays_a_zero():
    journal = Journal()
    journal.track(counts={"minutes": [[0, 0, 0, 0]] * 10, "unknown": {}, "sources": {}})
    (segment,) = journal.segments()
    assert (segment.keys, segment.activity, segment.judged_minutes) == (0, 0, 10)


def test_active_seconds_alone_make_a_minute_active_where_counts_are_unknown():
    counts = Counts(minutes=((None, None, None, 5), *((None, None, None, 0),) * 9), unknown={}, sources={})
    found = measured([(0, SLOT_MS)], counts)
    assert (found["activity"], found["judged_minutes"]) == (1, 10)


def test_activity_that_nothing_could_measure_is_unknown():
    found = measured([(0, SLOT_MS)], Counts(minutes=((None,) * 4,) * 10, unknown={}, sources={}))
    assert found["activity"] is None


def test_overlap_of_two_devices_is_shown_and_counted_once():
    one, other = Journal("a" * 16), Journal("b" * 16)
    one.track(intervals=[(0, 400_000)])
    other.track(intervals=[(300_000, SLOT_MS)])
    first, second = sorted(one.segments(other), key=lambda segment: segment.device)
    assert (first.tracked_seconds, first.overlap_seconds) == (400, 0)
    assert (second.tracked_seconds, second.overlap_seconds, second.billable_seconds) == (300, 100, 200)


_spans = st.lists(st.integers(0, 2000), min_size=2, max_size=10, unique=True).map(
    lambda points: list(zip(sorted(points)[::2], sorted(points)[1::2], strict=False))
)


@given(_spans, _spans)
def test_the_union_of_overlaps_is_exact(one, other):
    def points(spans):
        return {point for start, end in spans for point in range(start, end)}

    assert points(union([*one, *other])) == points(one) | points(other)
    covered = union(one)
    assert cover(covered, union(other)) == len(points(one) & points(other))
    assert covered == union([*one, *other])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_chains_and_entries_does_not_matter(seed, rng):
    records = [record for part in make_week(seed, slots_per_device=5).parts() for record in records_of(part)]
    shuffled = random.Random(rng.random()).sample(records, len(records))
    assert fold(shuffled) == fold(records)
    assert fold([*records, *records]) == fold(records)


def test_the_last_edit_wins_and_one_after_the_lock_does_not_count():
    journal = Journal()
    seq = journal.track()
    journal.add(kinds.Edit, MONDAY + SLOT_MS, {"memo": "first"}, of=[seq], commits={})
    journal.add(kinds.Edit, MONDAY + SLOT_MS, {"memo": "second"}, of=[seq], commits={})
    journal.add(kinds.Edit, lock_ms(WEEK), {"memo": "too late"}, of=[seq], commits={})
    assert journal.segments()[0].memo == "second"


def test_a_deleted_segment_stays_visible_without_any_value():
    journal = Journal()
    seq = journal.track()
    journal.add(kinds.Edit, MONDAY, {"memo": "private"}, of=[seq], commits={})
    journal.add(kinds.Tombstone, lock_ms(WEEK) - 1, of=[seq], fields=["*"], why="owner")
    (segment,) = journal.segments()
    view = segment_json(segment)
    assert view["deleted"]
    assert (segment.deleted_seconds, segment.billable_seconds, segment.protected) == (600, 0, False)
    values = ("memo", "window", "snapshot", "keys", "clicks", "scrolls", "minutes", "tracked_seconds", "activity")
    assert [view[key] for key in values] == [None] * len(values)


def test_removing_an_image_keeps_the_time_but_not_the_protection():
    journal = Journal()
    seq = journal.track()
    journal.add(kinds.Tombstone, MONDAY + SLOT_MS, of=[seq], fields=["snapshot"], why="owner")
    (segment,) = journal.segments()
    assert (segment.image_removed, segment.billable_seconds, segment.protected) == (True, 600, False)
    assert segment_json(segment)["snapshot"] == {"missing": "the image was removed by its owner"}


def test_removing_an_image_takes_the_time_where_the_contract_does_not_let_it_stay():
    journal = Journal(terms=replace(TERMS, keep_time=False))
    seq = journal.track()
    journal.add(kinds.Tombstone, MONDAY + SLOT_MS, of=[seq], fields=["snapshot"], why="owner")
    assert journal.segments()[0].deleted


@pytest.mark.parametrize("billing", ["real-time", "whole-segment"])
def test_what_is_erased_after_the_lock_changes_no_bill(billing):
    journal = Journal(terms=replace(TERMS, billing=billing))
    seq = journal.track()
    before = week(fold(journal.records), WEEK, "acme", RULES)
    journal.records[seq] = replace(
        journal.records[seq], openings={"memo": b'"Write"', **_without_snapshot(journal, seq)}
    )
    journal.add(kinds.Tombstone, lock_ms(WEEK) + 1, of=[seq], fields=["snapshot"], why="retention")
    after = week(fold(journal.records), WEEK, "acme", RULES)
    assert after.statement == before.statement
    assert after.segments[0].protected


def _without_snapshot(journal, seq):
    return {name: value for name, value in journal.records[seq].openings.items() if name != "snapshot"}


def test_manual_time_is_whole_slots_flagged_and_counted():
    journal = Journal()
    journal.add(kinds.Manual, MONDAY + 2 * SLOT_MS, {"memo": "phone"}, slot=SLOT, commits={})
    (segment,) = journal.segments()
    assert (segment.source, segment.tracked_seconds, segment.billable_seconds) == ("manual", 600, 600)
    assert segment.keys is None
    assert not segment.protected


@pytest.mark.parametrize(
    ("slot", "at", "terms", "why"),
    [
        (SLOT + 1, MONDAY + 2 * SLOT_MS, TERMS, "logged in this slot already"),
        (SLOT, MONDAY + SLOT_MS - 1, TERMS, "in the future"),
        (SLOT, lock_ms(WEEK), TERMS, "after the week locked"),
        (SLOT, MONDAY + SLOT_MS, replace(TERMS, manual=False), "does not allow"),
        (SLOT, MONDAY + SLOT_MS, replace(TERMS, status="paused"), "was paused"),
        (SLOT, MONDAY + SLOT_MS, replace(TERMS, type="fixed"), "fixed-price"),
    ],
)
def test_manual_time_against_the_rules_is_shown_and_counts_for_nothing(slot, at, terms, why):
    journal = Journal(terms=terms)
    journal.track(slot=SLOT + 1)
    journal.add(kinds.Manual, at, {"memo": "phone"}, slot=slot, commits={})
    (manual,) = [one for one in fold(journal.records).segments if one.source == "manual"]
    assert why in manual.void
    assert manual.credited_seconds == 0


def test_what_is_recorded_after_the_lock_goes_to_the_next_statement():
    journal = Journal()
    journal.track(at=lock_ms(WEEK))
    log = fold(journal.records)
    own, following = (week(log, number, "acme", RULES) for number in (WEEK, WEEK + 1))
    assert (own.statement.billable_seconds, own.segments[0].late) == (0, True)
    assert (following.statement.billable_seconds, following.statement.late_seconds) == (600, 600)
    assert [segment.slot for segment in following.carried] == [SLOT]


@given(st.integers(0, 4 * 1008), st.integers(0, 6 * 7 * 86_400_000))
def test_every_slot_belongs_to_the_first_statement_that_was_open(offset, later):
    slot = SLOT + offset
    recorded = slot_start_ms(slot) + later
    found = billed_week(slot, recorded)
    open_weeks = [number for number in range(WEEK, WEEK + 20) if slot < week_slots(number).stop]
    assert found == next(number for number in open_weeks if recorded < lock_ms(number))


def test_a_missing_opening_without_a_tombstone_says_that_it_is_withheld():
    journal = Journal()
    seq = journal.track()
    journal.records[seq] = replace(journal.records[seq], openings={})
    view = segment_json(journal.segments()[0])
    assert view["unknown"] == dict.fromkeys(
        ("memo", "window", "keys", "clicks", "scrolls", "active_seconds"), "withheld"
    )
    assert view["snapshot"] == {"missing": "withheld"}


def test_a_damaged_value_is_named_with_its_entry_and_field():
    journal = Journal()
    journal.track(counts={"minutes": [], "unknown": {}, "sources": {}})
    with pytest.raises(StorageError, match=r"entry 1 of acme .*: counts"):
        fold(journal.records)


def test_gaps_belong_to_every_day_that_they_touch():
    journal = Journal()
    journal.track()
    midnight = MONDAY + 86_400_000
    journal.add(kinds.Gap, midnight + 9, session="s", start=midnight - 5, end=midnight + 5, elapsed=10, reason="asleep")
    found = week(fold(journal.records), WEEK, "acme", RULES)
    assert [len(day.gaps) for day in days(found)] == [1, 1, 0, 0, 0, 0, 0]
    assert diary_json([], found.gaps)["gaps"][0]["reason"] == "asleep"


def test_the_view_of_a_segment_has_exactly_the_promised_keys():
    journal = Journal()
    journal.track()
    view = segment_json(journal.segments()[0])
    assert list(view) == [
        "id",
        "slot",
        "contract",
        "memo",
        "source",
        "tracked_seconds",
        "billable_seconds",
        "activity",
        "keys",
        "clicks",
        "scrolls",
        "minutes",
        "unknown",
        "sources",
        "window",
        "snapshot",
        "protected",
        "fails",
    ]
    assert view["id"] == "aaaa-acme-1"
    assert view["minutes"][0] == {"seconds": 60, "keys": 1, "clicks": 2, "scrolls": 3, "active_seconds": 4}
