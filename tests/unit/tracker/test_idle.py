"""What becomes of time in which nobody touched anything: asked for, never lost, never invented."""

from __future__ import annotations

import pytest

from workdiary.builtin.rules import RULES
from workdiary.errors import RuleError, UsageError
from workdiary.journal.entry import Gap, Segment, Session
from workdiary.payloads import EventKind, NoticeKind
from workdiary.record.absence import MOST_MS, PATIENCE_MS
from workdiary.record.account import LOCKED
from workdiary.record.idle import CONTRACT, FREELANCER
from workdiary.slots import SLOT_MS, iso, lock_ms, slot_of, week_of
from workdiary.tracker.commands import IDLE_ANSWERS
from workdiary.tracker.status import tracker_status

MINUTE = 60_000
BY_FREELANCER = f"idle, discarded by {FREELANCER}"
BY_CONTRACT = f"idle, discarded by {CONTRACT}"


def asked(bench) -> dict | None:
    return tracker_status(bench.tracker, RULES)["idle"]


def tracked(bench) -> list[int]:
    return [one.tracked_seconds for one in bench.week().segments if not one.deleted]


def gaps(bench) -> list[tuple[str, int]]:
    return [(one.reason, one.elapsed) for one in bench.entries(Gap)]


def events(bench, kind=EventKind.IDLE_ANSWERED) -> list[str]:
    return [event.text for event in bench.sources.events if event.kind is kind]


@pytest.fixture
def working(bench):
    """Five minutes of work, and then nobody there."""
    bench.tracker.start("acme", "the parser")
    bench.pass_time(5 * MINUTE)
    bench.leave()
    return bench


def stopped(bench):
    """End the session; what it left verifies, and its credits and gaps are its span."""
    if bench.tracker.recorder is not None:
        bench.tracker.stop()
    assert bench.verified() == ""
    return bench


def test_ten_minutes_without_input_are_asked_about(working):
    begun = working.now.wall
    working.pass_time(9 * MINUTE)
    assert asked(working) is None
    working.pass_time(2 * MINUTE)
    asking = "minutes without input. Without an answer they are kept."
    assert events(working, EventKind.IDLE_ASKED) == [f"10 {asking}"]
    expected = {"since": iso(begun), "until": None, "seconds": 660, "default": "keep"}
    assert asked(working) == {**expected, "choices": ["keep", "discard", "stop"]}


def test_whoever_returns_is_asked_again_by_a_notice_with_three_buttons(working):
    working.leave(14 * MINUTE)
    notices = [one for one in working.sources.notices if one.kind is NoticeKind.IDLE]
    assert [one.text.partition(".")[0] for one in notices] == ["10 minutes without input", "14 minutes without input"]
    assert [(one.command, one.arguments["answer"]) for one in notices[-1].actions] == [
        ("idle", answer) for answer in IDLE_ANSWERS
    ]


def test_nine_minutes_without_input_are_not_asked_about_and_stay_work(working):
    working.leave(9 * MINUTE)
    working.pass_time(10 * MINUTE)
    assert tracked(stopped(working)) == [600, 600, 241]
    assert gaps(working) == []
    assert events(working, EventKind.IDLE_ASKED) == []


def test_a_segment_is_not_sealed_while_its_end_is_undecided_and_is_when_somebody_returns(working):
    working.pass_time(8 * MINUTE)
    assert working.entries(Segment) == []
    working.come_back()
    assert len(working.entries(Segment)) == 1


def test_what_is_held_back_is_told_beside_the_open_segment(working):
    working.pass_time(28 * MINUTE)
    status = tracker_status(working.tracker, RULES)
    held = status["held_segments"]
    assert [one["slot"] for one in held] == sorted({one["slot"] for one in held})
    assert len(held) == 3
    assert status["open_segment"]["id"] == "open"
    assert status["open_segment"]["slot"] > held[-1]["slot"]
    assert {(one["id"][:5], one["contract"], one["tracked_seconds"]) for one in held[1:]} == {("held-", "acme", 600)}
    working.tracker.answer_idle("keep")
    assert tracker_status(working.tracker, RULES)["held_segments"] == []
    stopped(working)


def test_what_is_kept_stays_as_it_was_recorded_under_its_label(working):
    working.leave(12 * MINUTE)
    working.tracker.answer_idle("keep", "meeting")
    working.pass_time(10 * MINUTE)
    assert tracked(stopped(working)) == [600, 600, 421]
    assert [one.memo for one in working.week().segments] == ["the parser; meeting"] * 2 + ["the parser"]
    assert gaps(working) == []
    kept = [one.reason for one in working.entries(Session) if one.action == "keep"]
    assert kept == events(working) == ["12 minutes without input, kept by the freelancer"]


def test_a_segment_that_lies_wholly_in_what_is_kept_has_the_label_alone(working):
    working.leave(20 * MINUTE)
    working.tracker.answer_idle("keep", "meeting")
    assert [one.memo for one in stopped(working).week().segments][1] == "meeting"


def test_discarded_time_becomes_a_gap_with_a_reason_and_the_rest_goes_on(working):
    working.leave(12 * MINUTE)
    working.tracker.answer_idle("discard")
    working.pass_time(10 * MINUTE)
    assert gaps(stopped(working)) == [(BY_FREELANCER, 12 * MINUTE)]
    assert tracked(working) == [300, 180, 421]
    assert sum(tracked(working)) + 720 == (5 + 12 + 10) * 60 + 1
    assert events(working) == ["12 minutes without input, discarded by the freelancer"]


def test_a_segment_of_which_nothing_is_left_is_none(working):
    working.leave(25 * MINUTE)
    working.tracker.answer_idle("discard")
    assert [one.slot for one in stopped(working).entries(Segment)] == [
        slot_of(working.now.wall) - 3,
        slot_of(working.now.wall),
    ]


def test_minutes_of_discarded_time_count_nothing(working):
    working.leave(12 * MINUTE)
    working.tracker.answer_idle("discard")
    for one in stopped(working).week().segments:
        assert [m.keys for m in one.minutes if not m.seconds] == [0] * sum(not m.seconds for m in one.minutes)
        assert one.keys is not None


def test_what_no_meter_saw_in_discarded_time_is_no_doubt_any_more(working):
    working.pass_time(MINUTE)
    working.sources.blind = "nobody counts"
    working.pass_time(12 * MINUTE)
    working.tracker.answer_idle("discard")
    working.tracker.stop()
    [segment] = stopped(working).week().segments
    assert segment.keys == 0
    assert "keys" not in segment.unknown


def test_discard_and_stop_ends_the_session_with_the_time_taken_out(working):
    working.leave(12 * MINUTE)
    working.tracker.answer_idle("stop")
    assert working.tracker.recorder is None
    assert gaps(stopped(working)) == [(BY_FREELANCER, 12 * MINUTE)]
    assert sum(tracked(working)) == 5 * 60 + 1


def test_one_may_answer_before_one_is_back(working):
    working.pass_time(12 * MINUTE)
    working.tracker.answer_idle("discard")
    working.pass_time(3 * MINUTE)
    working.come_back()
    assert gaps(stopped(working)) == [(BY_FREELANCER, 12 * MINUTE)]
    assert sum(tracked(working)) == (5 + 3) * 60 + 1


@pytest.mark.parametrize(("default", "lost"), [("keep", []), ("discard", [(BY_CONTRACT, 12 * MINUTE)])])
@pytest.mark.parametrize("end", ["patience", "stop", "switch", "ended contract", "away too long", "late start"])
def test_without_an_answer_it_goes_by_the_contract(bench, default, lost, end):
    bench.change("contract_edit", contract="acme", terms={"idle": default}) if default != "keep" else None
    bench.tracker.start("acme", "")
    bench.pass_time(5 * MINUTE)
    bench.leave(12 * MINUTE)
    assert asked(bench)["default"] == default
    match end:
        case "patience":
            bench.pass_time(PATIENCE_MS - MINUTE)
            assert asked(bench)
            bench.pass_time(2 * MINUTE)
            assert asked(bench) is None
        case "stop":
            bench.tracker.stop()
        case "switch":
            bench.tracker.switch("other", "")
        case "ended contract":
            bench.change("contract_edit", contract="acme", terms={"status": "ended"})
        case "away too long" | "late start":
            bench.kill()
            bench.move(5 * MINUTE)
            assert not bench.tracker.take_up()
    assert [one for one in gaps(bench) if "idle" in one[0]] == lost
    done = "discarded" if lost else "kept"
    assert events(bench) == [f"12 minutes without input, {done} by the contract's rule"]
    stopped(bench)


def test_an_absence_that_never_ends_is_decided_by_the_contract_bit_by_bit(working):
    working.pass_time(MOST_MS + 5 * MINUTE)
    assert events(working) == ["240 minutes without input, kept by the contract's rule"]
    assert len(working.entries(Segment)) == 24
    working.pass_time(10 * MINUTE)
    assert asked(working)
    stopped(working)


def test_the_saved_row_stays_small_however_long_nobody_comes(working):
    largest = 0
    for _ in range(50):
        working.pass_time(10 * MINUTE)
        largest = max(largest, len(working.keeper.journal.saved_state()))
    assert largest < 48 * 1024


def test_a_question_outlives_the_lock_of_the_screen_and_is_not_answered_by_it(working):
    working.pass_time(12 * MINUTE)
    working.sources.locked = True
    working.pass_time(MINUTE)
    assert working.tracker.recorder.state.pause_reason == LOCKED
    working.sources.untouched_since = working.now.mono  # somebody else tries the keyboard
    working.pass_time(2 * PATIENCE_MS)
    assert asked(working)
    working.sources.locked = False
    working.come_back()
    working.tracker.answer_idle("discard")
    [lock, idle] = gaps(stopped(working))
    assert lock[0] == LOCKED
    assert idle == (BY_FREELANCER, 12 * MINUTE)


def test_a_question_can_be_answered_during_a_pause(working):
    working.leave(12 * MINUTE)
    working.tracker.pause()
    working.pass_time(MINUTE)
    working.tracker.answer_idle("discard")
    assert asked(working) is None
    assert working.tracker.recorder.state.paused
    working.tracker.resume()
    assert [reason for reason, _ in gaps(stopped(working))] == [BY_FREELANCER, "paused"]


def test_a_pause_over_the_weekend_holds_nothing_back(working):
    working.pass_time(8 * MINUTE)
    working.tracker.pause()
    working.pass_time(MINUTE)
    assert len(working.entries(Segment)) == 1


def test_a_question_is_decided_before_its_week_locks(bench):
    week = week_of(slot_of(bench.now.wall))
    bench.move(lock_ms(week) - 30 * 3_600_000 - bench.now.wall)
    bench.tracker.start("acme", "")
    bench.leave(12 * MINUTE)
    bench.tracker.pause()
    bench.leave()
    bench.pass_time(31 * 3_600_000)
    assert events(bench) == ["12 minutes without input, kept by the contract's rule"]
    assert [one.late for one in bench.reader.week("acme", week).segments] == [False, False]


def test_a_kill_with_an_open_question_loses_neither_time_nor_question(working):
    working.pass_time(13 * MINUTE)
    before = asked(working)
    working.kill()
    working.move(10_000)
    told = len(events(working, EventKind.IDLE_ASKED))
    assert working.tracker.take_up() == "acme"
    assert asked(working) == before
    assert len(events(working, EventKind.IDLE_ASKED)) > told
    working.pass_time(2 * MINUTE)
    working.come_back()
    working.tracker.answer_idle("discard")
    found = gaps(stopped(working))
    assert [reason for reason, _ in found] == ["the tracker was not running", BY_FREELANCER, BY_FREELANCER]
    unproven = 10_000  # since the last tick before the return
    assert sum(ms for reason, ms in found if reason == BY_FREELANCER) == 15 * MINUTE - unproven
    assert sum(tracked(working)) == 5 * 60 + 10 + 1


def test_who_was_there_while_the_tracker_was_not_is_not_away(working):
    working.pass_time(8 * MINUTE)
    working.kill()
    working.move(5_000)
    working.sources.untouched_since = working.now.mono
    working.move(5_000)
    assert working.tracker.take_up()
    working.pass_time(9 * MINUTE)
    assert asked(working) is None


def test_sleep_is_no_part_of_the_question_and_does_not_end_it(working):
    working.pass_time(11 * MINUTE)
    working.move(1000, asleep=3_600_000)
    working.tracker.tick()
    working.pass_time(MINUTE)
    assert asked(working)["seconds"] == 12 * 60 - 1  # up to the last tick
    working.come_back()
    working.tracker.answer_idle("discard")
    found = gaps(stopped(working))
    assert max(found)[0] == "the computer was asleep"
    assert sum(ms for reason, ms in found if reason == BY_FREELANCER) == 12 * MINUTE - 1000


@pytest.mark.parametrize("step", [-7 * MINUTE, 45 * MINUTE])
@pytest.mark.parametrize("answer", ["keep", "discard"])
def test_a_clock_that_is_moved_meanwhile_moves_no_time(working, step, answer):
    working.pass_time(6 * MINUTE)
    working.move(0, stepped=step)
    working.pass_time(12 * MINUTE)
    working.come_back()
    assert asked(working)
    working.tracker.answer_idle(answer)
    stopped(working)
    total = sum(end - start for one in working.entries(Segment) for start, end in one.intervals)
    assert total + sum(ms for _, ms in gaps(working)) == 23 * MINUTE + 1000


def test_an_unknown_idle_time_is_never_asked_about(working):
    working.sources.unsure = True
    working.pass_time(40 * MINUTE)
    assert asked(working) is None
    assert len(working.entries(Segment)) == 4


def test_an_idle_time_that_becomes_unknown_leaves_the_question_to_be_answered(working):
    working.pass_time(12 * MINUTE)
    working.sources.unsure = True
    working.pass_time(3 * MINUTE)
    assert asked(working)["seconds"] == 12 * 60
    working.pass_time(PATIENCE_MS)
    assert asked(working) is None
    stopped(working)


def test_an_idle_timer_that_does_not_see_who_types_is_not_believed(working):
    for _ in range(20):
        working.sources.keys += 1
        working.pass_time(MINUTE)
    assert asked(working) is None


def test_a_contract_may_want_no_question(bench):
    bench.change("contract_edit", contract="acme", terms={"idle_minutes": 0})
    bench.tracker.start("acme", "")
    bench.leave(40 * MINUTE)
    assert events(bench, EventKind.IDLE_ASKED) == []
    assert len(bench.entries(Segment)) == 4


def test_changed_terms_count_from_now_on(working):
    working.pass_time(6 * MINUTE)
    working.change("contract_edit", contract="acme", terms={"idle_minutes": 5, "idle": "discard"})
    working.pass_time(MINUTE)
    assert asked(working)["default"] == "discard"


def test_being_away_costs_no_more_ticks_and_one_more_write(make_bench):
    def writes_and_ticks(minutes: int) -> tuple[int, int]:
        bench, writes = make_bench(), []
        bench.change("contract_edit", contract="acme", terms={"idle_minutes": minutes, "manual": False})
        bench.tracker.start("acme", "")
        write = bench.keeper.write
        bench.keeper.write = lambda *args, **options: writes.append(1) or write(*args, **options)
        bench.leave()
        return bench.pass_time(30 * MINUTE, pictures=False), len(writes)

    (ticks, writes), (free_ticks, free_writes) = writes_and_ticks(10), writes_and_ticks(0)
    assert ticks <= free_ticks
    assert writes <= free_writes + 1


def blobs(bench):
    return [path for path in bench.home.blobs.glob("??/*") if path.is_file()]


def store_images(bench) -> None:
    """Give every image that is named a file."""
    for segment in bench.tracker.recorder.state.segments:
        for image in segment.shot.images:
            path = bench.home.blobs / image["sha256"][:2] / image["sha256"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")


def test_the_images_of_discarded_time_are_gone_at_once(working):
    working.pass_time(26 * MINUTE)
    store_images(working)
    assert len(blobs(working)) >= 2
    working.come_back()
    working.tracker.answer_idle("discard")
    left = {path.name for path in blobs(working)}
    stopped(working)
    shots = [one.snapshot for one in working.week().segments if one.snapshot]
    assert left == {
        image.sha256 for shot in shots for image in shot.images if image.taken_at < working.now.wall - MINUTE
    }


def test_an_image_that_comes_back_after_its_time_was_discarded_is_dropped(working):
    working.pass_time(15 * MINUTE)  # behind it a slot of its own begins
    while not working.pictures.busy:
        working.pass_time(1000, pictures=False)
    working.pass_time(5000, pictures=False)
    working.tracker.answer_idle("discard")
    working.pictures.finish()
    named = working.pictures.result.images[0].sha256
    taken = working.pictures.result
    working.tracker.shots.runner.result = type(taken)(
        taken_at=taken.taken_at - 3000, images=taken.images, missing="", window=taken.window
    )
    working.tracker.poll_shots()
    assert named.encode() not in working.keeper.journal.saved_state()
    working.pass_time(10 * MINUTE)
    stopped(working)


@pytest.mark.parametrize("answer", ["keep", "discard"])
@pytest.mark.parametrize("minutes", [10, 14, 18])
def test_a_picture_after_the_return_has_a_moment_of_its_own_whatever_is_answered(working, minutes, answer):
    working.leave(minutes * MINUTE)
    working.pass_time(3 * MINUTE)
    working.tracker.answer_idle(answer)
    working.pass_time(10 * MINUTE)
    stopped(working)
    assert any(one.snapshot for one in working.week().segments)


def test_deleting_what_is_sealed_does_not_touch_the_question(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(12 * MINUTE)
    bench.leave(12 * MINUTE)
    bench.change("delete", segments=[bench.week().segments[0].id], keep_time=False)
    bench.tracker.answer_idle("discard")
    assert gaps(stopped(bench)) == [(BY_FREELANCER, 12 * MINUTE)]
    assert tracked(bench) == [120, 1]


def test_manual_time_cannot_be_laid_over_what_is_undecided(working):
    working.pass_time(17 * MINUTE)
    start = (working.now.wall // SLOT_MS - 1) * SLOT_MS
    with pytest.raises(RuleError, match="logged already"):
        working.change("manual_add", contract="acme", start_ms=start, slots=1, memo="")


def test_wrong_answers_are_refused_and_change_nothing(working):
    with pytest.raises(RuleError, match="nothing is asked"):
        working.tracker.answer_idle("keep")
    working.tracker.set_memo("x" * 480)
    working.leave(12 * MINUTE)
    for arguments in (("maybe",), ("discard", "a memo"), ("keep", "line\nbreak"), ("keep", "y" * 100)):
        with pytest.raises(UsageError) as refused:
            working.tracker.answer_idle(*arguments)
        assert refused.value.remedy
    assert asked(working)
    working.tracker.answer_idle("keep")
    with pytest.raises(RuleError):
        working.tracker.answer_idle("keep")
    stopped(working)
