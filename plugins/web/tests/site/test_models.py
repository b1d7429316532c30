"""What pages show, as values: nothing unknown becomes a zero, nothing is told by colour alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from workdiary.diary.model import GapView, Image, Line, Minute, Segment, Statement, Taken
from workdiary.diary.terms import Since, Terms
from workdiary.payloads import Lane, Span
from workdiary.slots import SLOT_MS, parse_iso, slot_of, week_of
from workdiary_web.site.models.calendar import month, shown_slots
from workdiary_web.site.models.cards import card
from workdiary_web.site.models.chart import HEIGHT, chart
from workdiary_web.site.models.cost import choose, cost
from workdiary_web.site.models.meter import meter
from workdiary_web.site.models.pictures import Place, shown
from workdiary_web.site.models.queue import refused
from workdiary_web.site.models.rows import Cell, bars
from workdiary_web.site.models.segment import failure
from workdiary_web.site.models.timeline import WIDTH, timeline
from workdiary_web.site.models.week import countdown
from workdiary_web.site.models.words import hours, short, span
from workdiary_web.site.models.zones import Clock

SLOT = slot_of(parse_iso("2026-11-23T09:00Z"))
WEEK = week_of(SLOT)
IMAGE = Image(sha256="a" * 64, width=1, height=1, bytes=1, media_type="image/jpeg", taken_at=0, cause="derived")
ACTIVE, STILL, OFF, UNSEEN = (
    Minute(60, 9, 0, 0, 30), Minute(60, 0, 0, 0, 0), Minute(0, 0, 0, 0, 0), Minute(60, None, None, None, None),
)  # fmt: skip
TERMS = {"acme": [Since(at=0, terms=Terms(title="Acme", currency="EUR", rate=5000))]}


def segment(**values):
    given = {
        "id": "3f9a-acme-4", "device": "3f9a", "contract": "acme", "seq": 4, "slot": SLOT, "source": "tracked",
        "recorded_at": 0, "billed_week": WEEK, "tracked_seconds": 600, "intervals": ((0, SLOT_MS),), "memo": "docs",
        "minutes": (ACTIVE,) * 10, "activity": 10, "judged_minutes": 10, "window": ("Editor", "chapter 3"),
        "snapshot": Taken(taken_at=0, cause="derived", images=(IMAGE,)), "billable_seconds": 600,
    }  # fmt: skip
    return Segment(**{**given, **values})


def test_four_kinds_of_minute_are_told_apart_and_counted_in_words():
    found = meter(segment(minutes=(ACTIVE, STILL, OFF, UNSEEN, *(ACTIVE,) * 6)))
    assert found.blocks[:4] == ("active", "still", "off", "unknown")
    assert found.words == "Minutes: 7 active, 1 tracked, not active, 1 not tracked, 1 unknown"


@pytest.mark.parametrize(
    ("values", "state", "texts"),
    [
        ({}, "tracked", []),
        ({"source": "manual"}, "manual", ["manual"]),
        ({"over_limit_seconds": 600, "billable_seconds": 0}, "over", ["over limit"]),
        ({"over_limit_seconds": 60}, "over", ["1 min over limit"]),
        ({"deleted": True}, "deleted", ["deleted"]),
        ({"void": "the contract was ended"}, "void", ["void: the contract was ended"]),
        ({"billed_week": WEEK + 1}, "tracked", ["late"]),
        ({"activity": None}, "tracked", ["activity unknown"]),
        ({"overlap_seconds": 60}, "tracked", ["1 min twice"]),
    ],
)
def test_every_state_has_words(values, state, texts):
    found = card(segment(**values), {}, locked=False)
    assert found.state == state
    assert [one.text for one in found.badges] == texts


def test_a_missing_image_says_why_and_a_missing_window_is_unknown():
    found = card(segment(snapshot=None, snapshot_missing="the screen is locked", window=None), {}, locked=True)
    assert (found.image, found.no_image, found.app) == (False, "the screen is locked", "Window unknown")
    assert not found.selectable


def test_a_memo_spans_equal_neighbours_and_no_gap():
    def cell(memo):
        cards = () if memo is None else (card(segment(memo=memo), {}, locked=False),)
        return Cell(slot=0, start_ms=0, cards=cards, gap="", future=False, present=False)

    found = bars([cell(one) for one in ("a", "a", None, "a", "b", "b")])
    assert [(one.first, one.span, one.memo) for one in found] == [(1, 2, "a"), (4, 1, "a"), (5, 2, "b")]


def test_an_unknown_count_is_drawn_as_unknown_and_never_as_nothing():
    found = chart(segment(minutes=(Minute(60, None, 0, 500, None), *(OFF,) * 9)))
    assert [(one.kind, one.height) for one in found.bars] == [("unknown", HEIGHT), ("scrolls", HEIGHT)]
    assert found.lines[0].keys is None
    assert found.unknown


def statement(seconds, amount):
    return Statement(
        contract="acme", week="2026-W48", segments=1, tracked_seconds=seconds, manual_seconds=0, overlap_seconds=0,
        over_limit_seconds=0, deleted_seconds=0, void_seconds=0, late_seconds=0, billable_seconds=seconds,
        lines=(Line(rate=5000, seconds=seconds),), amount=amount, currency="EUR", rules=(), rules_hash="",
    )  # fmt: skip


def test_a_cost_is_the_difference_of_two_statements():
    found = cost(statement(3600, 5000), statement(3000, 4167))
    assert (found.seconds, found.amount) == (600, 833)


def test_what_cannot_be_changed_says_why():
    kept = segment(id="1")
    every = [kept, segment(id="2", deleted=True), segment(id="3", snapshot=None), segment(id="4", billed_week=WEEK - 3)]
    now = parse_iso("2026-11-23T12:00Z")
    assert [reason for _, reason in choose(every, TERMS, now, image=True).refused] == [
        "deleted already",
        "it has no image",
        "week 2026-W45 is locked",
    ]
    strict = {"acme": [replace(TERMS["acme"][0], terms=replace(TERMS["acme"][0].terms, keep_time=False))]}
    assert choose([kept], strict, now, image=True).segments == ()
    assert choose([kept], strict, now, image=False).segments == (kept,)


def test_images_know_their_neighbours():
    every = [segment(id="a"), segment(id="b", snapshot=None), segment(id="c")]
    found = shown(every, "c", 0)
    assert (found.number, found.count, found.before, found.after) == (2, 2, Place(id="a", index=0), None)
    assert shown(every, "b", 0) is None
    assert shown(every, "a", 1) is None


def test_a_failed_rule_is_told_with_its_remedy():
    assert failure("no memo: add one before the week locks").mend == "add one before the week locks"
    assert failure("manual time is never protected").what == "manual time is never protected"


def test_the_calendar_marks_days_on_the_viewers_clock():
    clock = Clock.of("Asia/Tokyo")
    late = slot_of(parse_iso("2026-11-23T20:00Z"))
    found = month(date(2026, 11, 23), date(2026, 11, 25), {late}, clock)
    days = {one.date: one for week in found.weeks for one in week}
    assert days[date(2026, 11, 24)].marked
    assert not days[date(2026, 11, 23)].marked
    assert days[date(2026, 11, 25)].today
    assert days[date(2026, 10, 26)].other
    assert late in shown_slots(date(2026, 11, 23), clock)


def test_a_timeline_joins_what_is_equal_and_keeps_within_the_day():
    clock = Clock.of("UTC")
    day = (parse_iso("2026-11-23"), parse_iso("2026-11-24"))
    gap = GapView(device="", contract="acme", start_ms=day[0] - 9_000_000, end_ms=day[0] + 600_000, reason="asleep")
    lane = Lane(name="meetings", spans=(Span(start_ms=day[0], end_ms=day[1], text="<b>all day</b>"),))
    two = [segment(id="a"), segment(id="b", slot=SLOT + 1), segment(id="c", deleted=True, slot=SLOT + 2)]
    found = timeline(two, [gap], [lane], clock, day)
    lanes = {one.name: one for one in found.lanes}
    assert list(lanes) == ["Window", "Activity", "Sessions", "Gaps", "meetings"]
    assert [one.end_ms - one.start_ms for one in lanes["Window"].pieces] == [2 * SLOT_MS]
    assert lanes["Gaps"].pieces[0].x == 0
    assert lanes["meetings"].pieces[0].width == WIDTH
    assert timeline([], [], [], clock, day) is None


def test_an_unknown_window_and_unknown_activity_have_a_look_of_their_own():
    day = (parse_iso("2026-11-23"), parse_iso("2026-11-24"))
    found = timeline([segment(window=None, activity=None)], [], [], Clock.of("UTC"), day)
    assert [one.pieces[0].text for one in found.lanes[:2]] == ["unknown", "unknown"]


def test_a_countdown_is_told_in_days_hours_minutes():
    assert countdown(10 * 86_400_000, 0) == "10 days 0 h"
    assert countdown(86_400_000 + 3_600_000, 0) == "1 day 1 h"
    assert countdown(3_660_000, 0) == "1 h 1 min"
    assert countdown(1, 0) == "1 min"
    assert countdown(0, 0) == ""


def test_words():
    assert [hours(n) for n in (0, 59, 3600, 36_060)] == ["0:00", "0:00", "1:00", "10:01"]
    assert [span(n) for n in (40, 60, 380, 3900)] == ["40 s", "1 min", "6 min 20 s", "1 h 5 min"]
    assert len(short("x" * 10_000)) == 160


def test_a_refused_entry_names_the_segments_that_it_is_about():
    def about(**values):
        body = json.dumps({"device": "205edc19", "contract": "acme", "seq": 7, "at": 1, **values})
        return refused({"number": 9, "body": body, "reason": "no"}).segments

    assert about(kind="segment") == ("205e-acme-7",)
    assert about(kind="tombstone", of=[3, 4]) == ("205e-acme-3", "205e-acme-4")
    assert about(kind="terms") == ()
