"""What a person may change, and when."""

from __future__ import annotations

import pytest

from workdiary.errors import RuleError, UsageError
from workdiary.slots import SLOT_MS, slot_of, week_of

DAY = 86_400_000


def manual(bench, contract: str = "acme", slots: int = 1) -> None:
    start = bench.now.wall // SLOT_MS * SLOT_MS - slots * SLOT_MS
    bench.change("manual_add", contract=contract, start_ms=start, slots=slots, memo="call")


@pytest.mark.parametrize(("status", "says"), [("ended", "is ended"), ("paused", "is paused")])
def test_manual_time_that_would_count_for_nothing_is_refused(bench, status, says):
    bench.change("contract_edit", contract="acme", terms={"status": status})
    bench.move(2 * SLOT_MS)
    with pytest.raises(RuleError, match=says):
        manual(bench)


def test_manual_time_in_slots_whose_terms_did_not_allow_it_is_refused(bench):
    bench.move(3 * SLOT_MS)
    bench.change("contract_edit", contract="other", terms={"manual": True})
    with pytest.raises(RuleError, match="does not allow manual"):
        manual(bench, "other", 2)
    bench.move(2 * SLOT_MS)
    manual(bench, "other")
    assert bench.week("other").segments[0].void == ""


def test_manual_time_is_refused_in_a_slot_that_waits_for_its_picture(bench):
    bench.tracker.start("acme", "")
    while bench.now.wall % SLOT_MS < SLOT_MS - 15_000 or not bench.pictures.busy:
        bench.pass_time(15_000, pictures=False)
        if bench.now.wall % SLOT_MS >= SLOT_MS - 15_000:
            break
    bench.pass_time(20_000, pictures=False)
    with pytest.raises(RuleError, match="logged already"):
        manual(bench)


def test_an_image_goes_and_its_time_stays_if_the_terms_of_that_time_allowed_it(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    bench.move(SLOT_MS)
    bench.change("contract_edit", contract="acme", terms={"keep_time": False})
    bench.move(SLOT_MS)
    bench.change("delete", segments=[bench.week().segments[0].id], keep_time=True)
    assert (bench.week().segments[0].deleted, bench.week().segments[0].tracked_seconds) == (False, 600)


def test_an_image_whose_terms_tie_it_to_its_time_is_not_removed_alone(bench):
    bench.change("contract_edit", contract="acme", terms={"keep_time": False})
    bench.move(SLOT_MS)
    bench.tracker.start("acme", "")
    bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    bench.move(SLOT_MS)
    bench.change("contract_edit", contract="acme", terms={"keep_time": True})
    with pytest.raises(RuleError, match="does not allow"):
        bench.change("delete", segments=[bench.week().segments[0].id], keep_time=True)


def test_a_late_segment_can_be_changed_until_the_week_that_bills_it_locks(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(60_000)
    bench.kill()
    bench.move(0, asleep=7 * DAY + 6 * 3_600_000)  # the tracker is started again after the lock
    bench.tracker.take_up()
    [late] = bench.week().carried
    bench.change("edit_memo", segments=[late.id], memo="what it was")
    assert bench.week().carried[0].memo == "what it was"
    assert bench.verified() == ""
    bench.move(0, asleep=7 * DAY + 3_600_000)
    with pytest.raises(RuleError, match="locked"):
        bench.change("delete", segments=[late.id], keep_time=False)


@pytest.mark.parametrize("own", [False, True])
def test_a_late_segment_is_on_the_bill_of_a_week_that_has_nothing_else_behind_it(bench, own):
    bench.tracker.start("acme", "")
    bench.pass_time(60_000)
    bench.kill()
    billed = week_of(slot_of(bench.now.wall)) + 1
    if own:
        bench.move(0, asleep=10 * DAY)
        manual(bench)
    bench.move(0, asleep=(4 if own else 14) * DAY - 3_600_000)  # Monday morning: the week before is open
    bench.tracker.take_up()
    week = bench.reader.week("acme", billed)
    [late] = week.carried
    assert (late.tracked_seconds, week.statement.late_seconds) == (60, 60)
    assert (len(week.segments), week.statement.manual_seconds) == ((1, 600) if own else (0, 0))
    bench.change("edit_memo", segments=[late.id], memo="what it was")
    assert bench.reader.week("acme", billed).carried[0].memo == "what it was"
    assert bench.verified(number=billed) == ""
    bench.change("delete", segments=[late.id], keep_time=False)
    assert bench.reader.week("acme", billed).statement.deleted_seconds == 60
    assert [bench.verified(number=billed + more) for more in (-1, 0, 1)] == ["", "", ""]
    assert not bench.reader.week("acme", billed + 1).carried


@pytest.mark.parametrize("terms", [{"billing": "nosuch"}, {"protection": "nosuch"}])
def test_terms_by_a_rule_that_is_not_installed_are_refused(bench, terms):
    with pytest.raises(RuleError, match="not installed"):
        bench.change("contract_edit", contract="acme", terms=terms)
    with pytest.raises(RuleError, match="not installed"):
        bench.change("contract_add", contract="third", terms={"rate": 1, "currency": "EUR", **terms})


@pytest.mark.parametrize("text", ["\udcff", "x" * 501, "a\x1b[0m"])
def test_text_that_cannot_be_kept_is_refused(bench, text):
    bench.move(2 * SLOT_MS)
    start = bench.now.wall // SLOT_MS * SLOT_MS - SLOT_MS
    with pytest.raises(UsageError, match="memo"):
        bench.change("manual_add", contract="acme", start_ms=start, slots=1, memo=text)
    with pytest.raises(UsageError, match="title"):
        bench.change("contract_edit", contract="acme", terms={"title": text})


def test_a_segment_is_deleted_once(bench):
    bench.move(2 * SLOT_MS)
    manual(bench)
    name = bench.week().segments[0].id
    bench.change("delete", segments=[name, name], keep_time=False)
    assert bench.week().statement.deleted_seconds == 600
    with pytest.raises(RuleError, match="deleted already"):
        bench.change("delete", segments=[name], keep_time=False)


def test_manual_time_takes_the_place_of_a_deleted_segment(bench):
    bench.tracker.start("acme", "")
    bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    bench.move(60_000)
    with pytest.raises(RuleError, match="logged already"):
        manual(bench)
    bench.change("delete", segments=[bench.week().segments[0].id], keep_time=False)
    manual(bench)
    assert bench.week().statement.manual_seconds == 600
    assert bench.verified() == ""
