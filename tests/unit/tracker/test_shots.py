"""Snapshots as the tracker sees them: none is lost without a word, none is kept that nobody could check."""

from __future__ import annotations

import pytest

from workdiary.slots import SLOT_MS


def begin(bench) -> None:
    """Track until a snapshot is under way."""
    bench.tracker.start("acme", "")
    while not bench.pictures.busy:
        bench.pass_time(1000, pictures=False)


def outcome(bench):
    """Return the first segment's images, or why there is none."""
    first = bench.week().segments[0]
    return len(first.snapshot.images) if first.snapshot else first.snapshot_missing


def finish(bench) -> None:
    bench.pictures.finish()
    bench.tracker.poll_shots()
    bench.tracker.stop()


def test_a_picture_stands_in_its_segment_and_the_week_verifies(bench):
    begin(bench)
    finish(bench)
    assert outcome(bench) == 1
    assert bench.verified() == ""


@pytest.mark.parametrize("ahead", [0, 1900])
def test_a_clock_that_is_a_little_behind_makes_no_picture_a_contradiction(bench, ahead):
    bench.tracker.start("acme", "")
    bench.move(0, stepped=-ahead)
    for _ in range(40):
        bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    assert bench.verified() == ""


def test_a_picture_of_a_slots_first_second_may_be_taken_by_a_clock_that_is_behind(bench):
    bench.sources.extra = (0,)
    bench.tracker.start("acme", "")
    bench.pass_time(SLOT_MS - 1000)
    bench.move(0, stepped=-1500)
    bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    assert bench.verified() == ""


def test_a_picture_that_comes_after_its_slot_is_not_kept_and_says_why(bench):
    begin(bench)
    bench.pass_time(SLOT_MS + 15_000, pictures=False)
    finish(bench)
    assert outcome(bench) == "the picture was not taken in its ten minutes"
    assert bench.verified() == ""


def test_a_policy_that_says_no_gives_its_reason(bench):
    bench.sources.denied = "lunch"
    begin(bench)
    finish(bench)
    assert outcome(bench) == "lunch"


def test_several_moments_are_taken_one_after_the_other(bench):
    bench.sources.extra = (598, 599)
    bench.tracker.start("acme", "")
    bench.pass_time(SLOT_MS)
    bench.tracker.stop()
    assert outcome(bench) == 3
    assert bench.verified() == ""


def test_a_switch_gives_up_what_was_under_way_and_takes_no_picture_of_it_for_the_next(bench):
    begin(bench)
    bench.pass_time(1000, pictures=False)
    bench.tracker.switch("other", "")
    assert not bench.pictures.busy
    bench.tracker.poll_shots()
    bench.tracker.stop()
    assert "not finished" in outcome(bench)
    assert bench.verified() == bench.verified("other") == ""


def test_a_switch_that_is_refused_changes_nothing(bench):
    begin(bench)
    before = bench.state()
    for contract, memo in (("nosuch", ""), ("other", "x" * 501)):
        with pytest.raises(Exception, match=r"no contract|memo"):
            bench.tracker.switch(contract, memo)
    assert bench.pictures.busy
    assert bench.state() == before
    finish(bench)
    assert outcome(bench) == 1
