"""The question about time without input on every page, and the answer from there."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest

from workdiary.errors import UsageError
from workdiary.slots import day_slots, iso, slot_of, slot_start_ms
from workdiary_web.site.models.idle import asked
from workdiary_web.site.models.zones import Clock

START = slot_start_ms(day_slots(date(2026, 11, 23)).start + 108)  # 18:00 UTC, 19:00 in Berlin
MINUTE = 60_000
IDLE = {
    "since": iso(START - 25 * MINUTE), "until": iso(START + 4 * MINUTE), "seconds": 1745, "default": "keep",
    "choices": ["keep", "discard", "stop"],
}  # fmt: skip
BERLIN = Clock.of("Europe/Berlin")
ANSWER = (("since", IDLE["since"]), ("next", "/x7Qd/week"))


def status_with(idle, segment=None, held=()):
    return {
        "state": "tracking", "contract": "acme", "memo": "right now", "today_seconds": 7200, "week_seconds": 9000,
        "trouble": "", "idle": idle, "held_segments": list(held), "open_segment": segment,
    }  # fmt: skip


def running(minutes=4):
    none = {"keys": 0, "clicks": 0, "scrolls": 0, "active_seconds": 0}
    return {
        "id": "open", "slot": iso(START), "contract": "acme", "memo": "right now", "source": "tracked",
        "tracked_seconds": 60 * minutes, "billable_seconds": 60 * minutes, "activity": 0, "keys": 0, "clicks": 0,
        "scrolls": 0, "minutes": [{"seconds": 60 if n < minutes else 0, **none} for n in range(10)], "unknown": {},
        "sources": {}, "window": {"app": "Editor", "title": "chapter 9"}, "snapshot": {"missing": "not taken"},
        "protected": False, "fails": [],
    }  # fmt: skip


@pytest.fixture
def asking(looked_at):
    """Return a function that makes a site whose tracker asks; ``steered`` is what it was told."""

    def make(idle=IDLE, segment=None, steered=None, machine=True, held=()):
        book = SimpleNamespace(
            **{name: getattr(looked_at.book, name) for name in dir(looked_at.book) if name[0] != "_"}
        )
        book.status = lambda: status_with(idle, segment, held)

        def steer(command, **arguments):
            if arguments["memo"] and arguments["answer"] != "keep":
                raise UsageError("time that is discarded has no memo", remedy="Leave the memo out, or keep the time.")
            steered.append((command, arguments))

        return type(looked_at)(looked_at.root, book=book, machine=SimpleNamespace(steer=steer) if machine else None)

    return make


def test_the_question_is_in_the_viewers_zone_and_has_no_seconds():
    words = asked(IDLE).words(BERLIN, START + 5 * MINUTE)
    assert words == "Nobody was at the keyboard from 18:35 to 19:04 (29 min). What was it?"
    growing = asked({**IDLE, "until": None})
    assert growing.words(Clock.of("UTC"), START) == "Nobody has been at the keyboard since 17:35. What is it?"
    assert "since Mon 23 Nov 2026, 18:35" in growing.words(BERLIN, START + 6 * 3_600_000)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (-25, None, "undecided since 19:00"),
        (3, None, "undecided since 19:03"),
        (-25, 4, "undecided from 19:00 to 19:04"),
        (-25, -5, ""),
        (-25, 0, ""),
        (12, None, ""),
    ],
)
def test_the_open_segment_says_which_part_of_it_is_undecided(since, until, words):
    ends = None if until is None else iso(START + until * MINUTE)
    one = asked({**IDLE, "since": iso(START + since * MINUTE), "until": ends})
    assert one.undecided(slot_of(START), BERLIN) == words


def test_the_day_says_so_and_says_nothing_without_a_question(asking):
    assert "undecided from 19:00 to 19:04" in asking(segment=running()).get("day").words
    assert "undecided" not in asking(idle=None, segment=running()).get("day").words


def test_a_slot_that_lies_wholly_in_the_question_is_shown_as_held_back(asking):
    slot = slot_of(START) - 1
    one = {**running(10), "id": f"held-{slot}", "slot": iso(slot_start_ms(slot)), "memo": "who knows"}
    site = asking(segment=running(), held=[one])
    page = site.get("day")
    card = page.text[page.text.index(f'id="seg-held-{slot}"') :].partition("</article>")[0]
    assert "held back, 10 min" in card
    assert "undecided from 18:50 to 19:00" in card
    assert "<a " not in card
    assert "checkbox" not in card
    assert "held back: waits for your answer" in page.words
    assert "held back, acme: who knows" in site.get("timeline").words


@pytest.mark.parametrize("path", ["day", "week", "timeline", "contracts", "manual", "tracker", "nothing/here", "idle"])
def test_every_page_asks(asking, path):
    page = asking().get(path)
    assert "Nobody was at the keyboard from 18:35 to 19:04 (29 min). What was it?" in page.words
    assert "Without an answer it is kept, as the contract says." in page.words
    assert re.findall(r'name="answer" value="(\w+)"', page.text) == ["keep", "discard", "stop"]
    assert page.text.count('id="idle"') == 1


def test_nothing_is_asked_without_a_question_or_without_a_machine(asking):
    assert "Nobody was" not in asking(idle=None).get("day").words
    alone = asking(machine=False)
    assert "Nobody was" not in alone.get("day").words
    assert alone.post("idle", ("answer", "keep"), *ANSWER).status == 400


def test_the_part_of_the_page_is_fetched_alone_and_knows_where_to_go_back_to(asking):
    part = asking().get("idle?next=/x7Qd/week", hx_request="true")
    assert part.text.startswith('<div id="idle"')
    assert 'name="next" value="/x7Qd/week"' in part.text
    assert "<section" not in asking(idle=None).get("idle", hx_request="true").text


def test_an_answer_goes_to_the_tracker_and_back_to_the_page(asking):
    steered = []
    answer = asking(steered=steered).post("idle", ("answer", "keep"), ("memo", " meeting "), *ANSWER)
    assert (answer.status, answer.headers["Location"]) == (302, "/x7Qd/week")
    assert steered == [("idle", {"answer": "keep", "memo": "meeting"})]


@pytest.mark.parametrize("present", [None, {**IDLE, "since": iso(START)}])
def test_a_question_that_is_not_asked_any_more_is_not_answered(asking, present):
    steered = []
    answer = asking(present, steered=steered).post("idle", ("answer", "discard"), ("memo", ""), *ANSWER)
    assert answer.status == 400
    assert "This question is not asked any more." in answer.words
    assert steered == []


def test_what_was_typed_outlives_a_refusal(asking):
    answer = asking(steered=[]).post("idle", ("answer", "discard"), ("memo", "a <b>call</b>"), *ANSWER)
    assert answer.status == 400
    assert "Time that is discarded has no memo. Leave the memo out, or keep the time." in answer.words
    assert 'value="a &lt;b&gt;call&lt;/b&gt;"' in answer.text


def test_the_memo_of_another_form_is_not_the_questions(asking):
    page = asking().post("manual", ("memo", "of the other form")).text
    assert 'id="idle-memo" name="memo" value=""' in page
