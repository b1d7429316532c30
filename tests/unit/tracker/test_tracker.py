"""What a session promises, whatever happens around it."""

from __future__ import annotations

import apsw
import msgspec
import pytest

from workdiary.builtin.rules import RULES
from workdiary.errors import RuleError, StorageError, UsageError
from workdiary.journal.entry import Clock, Gap, Segment, Session
from workdiary.payloads import EventKind, Unknown
from workdiary.slots import SLOT_MS, slot_of, week_of
from workdiary.tracker.status import tracker_status

MINUTE = 60_000


def keys(bench) -> list[int | None]:
    """Return the keys of every minute of the one segment."""
    [segment] = bench.week().segments
    return [minute.keys for minute in segment.minutes]


def test_what_no_meter_saw_before_a_pause_stays_unknown(bench):
    bench.sources.blind = "nobody counts"
    bench.tracker.start("acme", "")
    bench.pass_time(2 * MINUTE)
    bench.tracker.pause()
    bench.pass_time(MINUTE)
    bench.tracker.resume()
    bench.pass_time(MINUTE)
    bench.tracker.stop()
    assert keys(bench)[:4] == [None, None, 0, None]  # nothing was tracked in the third one


def test_what_no_meter_saw_before_a_suspend_stays_unknown(bench):
    bench.sources.blind = "nobody counts"
    bench.tracker.start("acme", "")
    bench.pass_time(MINUTE)
    bench.move(1000, asleep=2 * MINUTE)
    bench.pass_time(MINUTE)
    bench.tracker.stop()
    assert bench.week().segments[0].keys is None
    assert keys(bench)[0] is None


def test_what_no_meter_saw_before_a_kill_stays_unknown(bench):
    bench.sources.blind = "nobody counts"
    bench.tracker.start("acme", "")
    bench.pass_time(3 * MINUTE)
    bench.kill()
    bench.sources.blind = ""
    assert bench.tracker.take_up()
    bench.pass_time(MINUTE)
    bench.tracker.stop()
    assert keys(bench)[:3] == [None, None, None]


def test_a_saved_doubt_can_still_be_cleared_while_the_tracker_lives(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(20_000)
    bench.sources.blind = "for a moment"
    bench.pass_time(20_000)
    bench.tracker.set_memo("saved meanwhile")
    bench.sources.blind, bench.sources.keys = "", 3
    bench.pass_time(20_000)
    bench.tracker.stop()
    assert keys(bench)[0] == 3


def test_a_pause_just_before_the_minute_ends_does_not_spin(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(MINUTE - 5)
    bench.tracker.pause()
    assert bench.pass_time(MINUTE) <= 6


def test_a_contract_that_ends_while_it_is_tracked_ends_the_session(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(MINUTE)
    bench.change("contract_edit", contract="acme", terms={"status": "ended"})
    assert bench.tracker.recorder is None
    assert [one.reason for one in bench.entries(Session)] == ["", "acme is ended"]
    assert bench.week().segments[0].tracked_seconds == 60
    assert bench.verified() == ""


def test_a_session_whose_contract_has_ended_meanwhile_is_closed_and_stands_in_nobodys_way(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(MINUTE)
    bench.kill()
    bench.change("contract_edit", contract="acme", terms={"status": "ended"})
    assert not bench.tracker.take_up()
    bench.tracker.start("other", "")
    assert bench.week().segments[0].tracked_seconds == 60


def test_a_rule_that_is_not_installed_ends_no_session(bench):
    bench.tracker.start("acme", "")
    terms = bench.reader.terms()["acme"][-1].terms.to_entry() | {"billing": "of-a-plugin"}
    from workdiary.journal.entry import Terms
    from workdiary.journal.store import Draft

    bench.keeper.write([Draft(contract="acme", type=Terms, values={"terms": terms})], at_ms=bench.now.wall)
    bench.pass_time(2 * SLOT_MS)
    status = tracker_status(bench.tracker, RULES)
    assert (status["state"], status["today_seconds"]) == ("tracking", 1200)


@pytest.mark.parametrize("memo", ["\udcff", "x" * 501, "two\nlines", "\x1b[2J"])
def test_a_memo_that_cannot_be_kept_is_refused_and_the_session_goes_on(bench, memo):
    with pytest.raises(UsageError, match="memo"):
        bench.tracker.start("acme", memo)
    bench.tracker.start("acme", "good")
    with pytest.raises(UsageError, match="memo"):
        bench.tracker.set_memo(memo)
    bench.pass_time(MINUTE)
    bench.tracker.stop()
    assert bench.week().segments[0].memo == "good"


def test_the_memo_is_the_segments_last_one(bench):
    bench.tracker.start("acme", "first")
    bench.pass_time(SLOT_MS + MINUTE)
    bench.tracker.set_memo("ünï 漢字 🙂")
    bench.tracker.stop()
    assert [one.memo for one in bench.week().segments] == ["first", "ünï 漢字 🙂"]


@pytest.mark.parametrize("ended", ["resume", "stop", "kill", "kill for long", "boot"])
@pytest.mark.parametrize("stepped", [-3 * SLOT_MS, 3 * SLOT_MS])
def test_a_clock_that_is_moved_while_nothing_ticks_leaves_an_entry_and_the_week_verifies(bench, ended, stepped):
    bench.tracker.start("acme", "")
    bench.pass_time(5 * MINUTE)
    if ended.startswith(("kill", "boot")):
        bench.kill()
        bench.move(600_000 if ended == "kill for long" else 10_000, stepped=stepped)
        bench.move(boot_id="two" if ended == "boot" else "")
        bench.tracker.take_up()
    else:
        bench.tracker.pause()
        bench.move(10_000, stepped=stepped)
        (bench.tracker.resume if ended == "resume" else bench.tracker.stop)()
    bench.pass_time(MINUTE)
    if bench.tracker.recorder:
        bench.tracker.stop()
    moved = [one.after - one.before for one in bench.entries(Clock)]
    assert moved == [stepped] or (ended == "boot" and stepped > 0) or (moved and abs(moved[0] - stepped) < 700_000)
    bench.move(stepped=max(0, -stepped))
    assert bench.verified() == ""


def test_a_segment_is_sealed_when_its_slot_is_over_though_tracking_is_paused(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(MINUTE)
    bench.tracker.pause()
    bench.pass_time(SLOT_MS)
    assert [one.tracked_seconds for one in bench.week().segments] == [60]
    bench.tracker.resume()
    bench.pass_time(MINUTE)
    bench.tracker.stop()
    assert bench.verified() == ""


def test_a_snapshot_that_was_under_way_is_not_said_to_have_had_no_moment(bench):
    bench.tracker.start("acme", "")
    while not bench.pictures.busy:
        bench.pass_time(15_000, pictures=False)
    bench.tracker.stop()
    assert "not finished" in bench.week().segments[0].snapshot_missing


def test_a_session_that_ends_before_its_moment_says_so(bench):
    bench.tracker.start("acme", "")
    bench.tracker.stop()
    bench.tracker.start("acme", "")
    bench.pass_time(1000)
    bench.tracker.stop()
    assert [one.snapshot_missing for one in bench.week().segments] == ["tracking ended before the moment"]


def test_a_lock_ends_the_running_interval_at_the_last_tick(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(30_000)
    bench.sources.locked = True
    bench.pass_time(15_000)
    assert bench.tracker.recorder.state.paused
    bench.sources.locked = False
    bench.pass_time(15_000)
    bench.tracker.stop()
    assert [(gap.reason, gap.elapsed) for gap in bench.entries(Gap)] == [("the screen was locked", 30_000)]
    assert bench.week().segments[0].tracked_seconds == 30


def test_a_lock_that_cannot_be_seen_any_more_changes_nothing(bench):
    bench.tracker.start("acme", "")
    bench.sources.locked = True
    bench.pass_time(MINUTE)
    bench.sources.locked = Unknown(reason="the source is gone")
    bench.pass_time(MINUTE)
    assert bench.tracker.recorder.state.paused
    bench.tracker.resume()
    bench.pass_time(MINUTE)
    assert not bench.tracker.recorder.state.paused


def test_an_unlocked_screen_does_not_end_a_pause_of_ones_own(bench):
    bench.tracker.start("acme", "")
    bench.tracker.pause()
    bench.sources.locked = True
    bench.pass_time(MINUTE)
    bench.sources.locked = False
    bench.pass_time(MINUTE)
    assert bench.tracker.recorder.state.paused


def test_a_pause_of_ones_own_outlives_the_lock_that_came_before_it(bench):
    bench.tracker.start("acme", "")
    bench.sources.locked = True
    bench.pass_time(MINUTE)
    bench.tracker.pause()
    bench.sources.locked = False
    bench.pass_time(MINUTE)
    assert bench.tracker.recorder.state.paused
    with pytest.raises(RuleError, match="paused already"):
        bench.tracker.pause()


def test_observers_are_told_which_contract_was_stopped(bench):
    bench.tracker.start("acme", "")
    bench.tracker.stop()
    told = [(event.kind, event.contract) for event in bench.sources.events]
    assert told == [(EventKind.STARTED, "acme"), (EventKind.STOPPED, "acme")]


def test_midnight_commits_to_a_new_day_and_reveals_the_one_that_is_over(bench):
    bench.move(13 * 3_600_000 + 55 * MINUTE)
    bench.tracker.start("acme", "")
    bench.pass_time(2 * SLOT_MS)
    bench.tracker.stop()
    kinds = [type(one).__name__ for one in bench.entries() if type(one).__name__ in ("Day", "Reveal", "Segment")]
    assert kinds == ["Day", "Segment", "Day", "Segment", "Reveal", "Segment"]
    assert bench.verified() == ""


def test_a_new_week_begins_on_monday_and_both_weeks_verify(bench):
    bench.move(6 * 86_400_000 + 13 * 3_600_000 + 55 * MINUTE)
    week = week_of(slot_of(bench.now.wall))
    bench.tracker.start("acme", "")
    bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    assert [bench.reader.week("acme", number).statement.tracked_seconds for number in (week, week + 1)] == [300, 300]
    assert [bench.verified(number=number) for number in (week, week + 1)] == ["", ""]


class Broken:
    """A disk that takes nothing."""

    def __init__(self, bench) -> None:
        self._bench = bench
        self._append = bench.keeper.journal.append
        bench.keeper.journal.append = self._fail

    def _fail(self, *_args, **_options):
        raise apsw.FullError("scripted")

    def mend(self) -> None:
        self._bench.keeper.journal.append = self._append


def test_what_a_broken_disk_did_not_take_is_written_when_it_is_mended(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(9 * MINUTE)
    disk = Broken(bench)
    bench.pass_time(5 * MINUTE)
    assert EventKind.STORAGE_TROUBLE in [event.kind for event in bench.sources.events]
    disk.mend()
    bench.pass_time(2 * MINUTE)
    bench.tracker.stop()
    assert [one.tracked_seconds for one in bench.week().segments] == [600, 360]
    assert bench.verified() == ""


def test_ten_minutes_of_a_broken_disk_end_the_session(bench):
    bench.tracker.start("acme", "")
    Broken(bench)
    with pytest.raises(StorageError, match="cannot be billed"):
        bench.pass_time(2 * SLOT_MS)
    assert bench.tracker.recorder is None
    assert not bench.pictures.busy


def test_what_a_stopped_session_could_not_store_is_closed_at_the_next_start(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(2 * MINUTE)
    Broken(bench)
    with pytest.raises(StorageError):
        bench.tracker.stop()
    bench.kill()
    bench.move(600_000)
    assert not bench.tracker.take_up()
    assert bench.week().segments[0].tracked_seconds == 120


def test_a_deleted_segment_of_the_running_session_stays_deleted(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(SLOT_MS + MINUTE)
    bench.change("delete", segments=[bench.week().segments[0].id], keep_time=False)
    bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    assert [one.deleted for one in bench.week().segments] == [True, False, False]
    assert len(bench.entries(Segment)) == 3
    assert bench.verified() == ""


def test_the_saved_row_is_all_that_a_restart_needs(bench):
    bench.tracker.start("acme", "memo")
    bench.pass_time(3 * MINUTE)
    before = bench.tracker.recorder.state
    bench.kill()
    assert bench.tracker.take_up()
    after = bench.tracker.recorder.state
    assert (after.session, after.memo) == (before.session, "memo")
    assert msgspec.to_builtins(after.segments[-1].intervals) == [(0, 180_000)]


def test_a_journal_that_cannot_be_read_for_a_while_costs_no_time(bench, monkeypatch):
    bench.tracker.start("acme", "")
    with monkeypatch.context() as failing:

        def broken(*_arguments):
            raise apsw.IOError("disk I/O error")

        failing.setattr("workdiary.tracker.history.read.between", broken)
        bench.pass_time(12 * MINUTE)
    bench.tracker.stop()
    assert sum(segment.tracked_seconds for segment in bench.week().segments) == 12 * 60
