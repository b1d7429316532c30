"""The user is told of every snapshot at once, and the record says what came of it."""

from __future__ import annotations

from workdiary.builtin.rules import RULES
from workdiary.diary.view import segment_json
from workdiary.payloads import EventKind, NoticeKind
from workdiary.slots import SLOT_MS, lock_ms, slot_of, week_of
from workdiary.tracker.status import tracker_status


def kinds(bench):
    return [one.kind for one in bench.sources.notices]


def test_each_snapshot_is_noticed_and_the_diary_says_when_and_by_whom(bench):
    bench.tracker.start("acme", "memo")
    bench.pass_time(SLOT_MS)
    [notice] = bench.sources.notices
    shot = bench.week().segments[0].snapshot
    assert (notice.kind, notice.contract, notice.text) == (NoticeKind.SNAPSHOT, "acme", "It stays on this machine.")
    assert (shot.noticed_by, shot.not_noticed) == ("notify", "")
    assert shot.taken_at <= shot.noticed_at <= shot.taken_at + 1000
    assert [one.label for one in notice.actions] == ["Delete", "Keep"]
    assert notice.stay_ms == 60_000
    bench.tracker.stop()
    assert bench.verified() == ""


def test_without_a_notification_service_the_fact_is_recorded_and_shown(bench):
    bench.sources.deaf = "no notification service on the session bus"
    bench.tracker.start("acme", "memo")
    while not bench.sources.notices:
        bench.pass_time(1000)
    status = tracker_status(bench.tracker, RULES)
    assert status["notice"] == {"not_noticed": bench.sources.deaf}
    assert status["open_segment"]["snapshot"]["not_noticed"] == bench.sources.deaf
    bench.pass_time(SLOT_MS)
    shown = segment_json(bench.week().segments[0])["snapshot"]
    assert (shown["noticed_at"], shown["noticed_by"], shown["not_noticed"]) == (None, "", bench.sources.deaf)
    bench.tracker.stop()
    assert bench.verified() == ""


def test_a_reason_that_no_file_can_hold_ends_nothing(bench):
    bench.sources.deaf = "\udcff" * 1000
    bench.tracker.start("acme", "memo")
    bench.pass_time(SLOT_MS)
    assert bench.week().segments[0].snapshot.not_noticed == "?" * 200


def test_one_image_that_nobody_was_told_of_makes_the_snapshot_not_noticed(bench):
    bench.sources.extra = (598,)
    bench.tracker.start("acme", "memo")
    while not bench.sources.notices:
        bench.pass_time(1000)
    bench.sources.deaf = "the daemon is gone"
    bench.pass_time(SLOT_MS)
    shot = bench.week().segments[0].snapshot
    assert (len(shot.images), shot.noticed_at, shot.not_noticed) == (2, None, "the daemon is gone")


def test_with_a_backend_the_notice_says_when_the_image_leaves(bench):
    bench.tracker.delivery.names = ("mirror",)
    bench.tracker.start("acme", "memo")
    bench.pass_time(SLOT_MS)
    assert bench.sources.notices[0].text == "It leaves this machine in 60 s at the earliest."


def test_a_snapshot_that_failed_is_told_of_once_for_each_reason(bench):
    bench.tracker.start("acme", "memo")
    for _ in range(3 * 600):
        bench.pass_time(1000, pictures=False)
        if bench.pictures.busy:
            bench.pictures.finish(missing="the screen is black")
            bench.tracker.poll_shots()
    assert kinds(bench) == [NoticeKind.SNAPSHOT_MISSED]  # the second slot's is the same
    assert bench.sources.notices[0].text == "the screen is black"


def test_a_snapshot_that_a_policy_does_not_want_is_no_failure(bench):
    bench.sources.denied = "lunch"
    bench.tracker.start("acme", "memo")
    bench.pass_time(2 * SLOT_MS)
    assert kinds(bench) == []


def test_a_missing_memo_is_told_of_once_in_a_session(bench):
    bench.sources.denied = "no pictures here"
    bench.tracker.start("acme", "")
    bench.pass_time(3 * SLOT_MS)
    assert kinds(bench) == [NoticeKind.MEMO_MISSING]
    bench.tracker.switch("acme", "")
    bench.pass_time(2 * SLOT_MS)
    assert kinds(bench) == [NoticeKind.MEMO_MISSING] * 2


def test_before_a_week_locks_its_segments_without_a_memo_are_told_of_once(bench):
    bench.sources.denied = "no pictures here"
    bench.tracker.start("acme", "")
    bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    lock = lock_ms(week_of(slot_of(bench.now.wall)))
    bench.move(0, asleep=lock - 11 * 3_600_000 - bench.now.wall)
    bench.tracker.start("acme", "memo")
    bench.pass_time(10 * 60_000)
    assert kinds(bench).count(NoticeKind.WEEK_LOCKS) == 1
    assert "1 segment(s)" in bench.sources.notices[-1].text


def test_the_limit_is_told_of_when_it_is_near_and_when_it_is_reached(bench):
    bench.sources.denied = "no pictures here"
    terms = {"rate": 1, "currency": "EUR", "weekly_limit": 10 * 600}
    bench.change("contract_add", contract="limited", terms=terms)
    bench.tracker.start("limited", "memo")
    bench.pass_time(12 * SLOT_MS)
    assert kinds(bench) == [NoticeKind.LIMIT] * 2
    assert [one.title for one in bench.sources.notices] == ["The weekly limit is near", "The weekly limit is reached"]


def test_a_plugin_that_dies_and_comes_back_and_dies_is_told_of_once_a_day(bench):
    bench.tracker.start("acme", "memo")
    for reason in ("next try in 5 s", "next try in 10 s"):
        bench.tracker.tell(EventKind.PLUGIN_CHANGED, f"plugin x11 is resting: {reason}")
    assert kinds(bench) == [NoticeKind.PLUGIN_CHANGED]
    bench.move(0, asleep=86_400_000)
    bench.tracker.tell(EventKind.PLUGIN_CHANGED, "plugin x11 is resting: next try in 5 s")
    assert kinds(bench) == [NoticeKind.PLUGIN_CHANGED] * 2


def test_a_disk_that_gets_full_is_told_of_once(bench):
    bench.sources.denied = "no pictures here"
    bench.tracker.start("acme", "memo")
    bench.keeper.care = lambda: None
    bench.keeper.trouble = "the disk is nearly full: time is recorded, images are not"
    write = bench.keeper.write
    trouble = bench.keeper.trouble

    def keeps_trouble(*arguments, **named):
        done = write(*arguments, **named)
        bench.keeper.trouble = trouble
        return done

    bench.keeper.write = keeps_trouble
    bench.pass_time(5 * 60_000)
    assert kinds(bench) == [NoticeKind.STORAGE_TROUBLE]
