from __future__ import annotations

import itertools

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from workdiary.clock import Reading
from workdiary.record import account
from workdiary.record.account import (
    ALREADY,
    STALLED,
    STEPPED,
    SUSPENDED,
    TOLERANCE_MS,
    Credit,
    Gap,
    Step,
    Timeline,
)
from workdiary.slots import SLOT_MS

LONGEST = 20_000
DAY = 86_400_000
START = 1_790_000_000_000 // SLOT_MS * SLOT_MS
FIRST = Reading(wall=START, mono=7_000, boot=9_000, boot_id="one")

awake = st.one_of(st.sampled_from((1000, 15_000)), st.integers(1, 60_000))
moves = st.one_of(
    st.tuples(awake, st.just(0), st.just(0)),
    st.tuples(awake, st.integers(0, 14 * DAY), st.just(0)),
    st.tuples(awake, st.just(0), st.one_of(st.integers(-3600_000, 3600_000), st.integers(-3650 * DAY, 3650 * DAY))),
)  # ms awake, ms asleep, ms by which the wall clock is moved
traces = st.lists(moves, max_size=60)


def after(last: Reading, awake_ms: int, asleep_ms: int = 0, moved_ms: int = 0) -> Reading:
    return Reading(
        wall=last.wall + awake_ms + asleep_ms + moved_ms,
        mono=last.mono + awake_ms,
        boot=last.boot + awake_ms + asleep_ms,
        boot_id=last.boot_id,
    )


def walk(trace, line=None):
    """Yield (before, now, pieces) of every tick."""
    line = line or Timeline(FIRST)
    now = FIRST
    for move in trace:
        before, now = now, after(now, *move)
        yield before, now, line.advance(now, LONGEST)
    before, now = now, after(now, 10)
    yield before, now, line.skip(now, "the end")


def amount(piece) -> int:
    if isinstance(piece, Credit):
        return piece.end - piece.start
    return piece.elapsed if isinstance(piece, Gap) else 0


@given(traces)
def test_credits_and_gaps_are_the_span_to_the_millisecond(trace):
    steps = list(walk(trace))
    assert sum(amount(piece) for _, _, pieces in steps for piece in pieces) == steps[-1][1].boot - FIRST.boot


@given(traces)
def test_every_gap_has_a_reason_and_none_is_negative(trace):
    for _, _, pieces in walk(trace):
        assert all(piece.reason and piece.elapsed >= 0 for piece in pieces if isinstance(piece, Gap))


@given(traces)
def test_no_time_is_credited_twice_after_the_clock_went_back_into_recorded_slots(trace):
    journal: list[tuple[int, int]] = []
    line = Timeline(FIRST, lambda slot: [one for one in journal if one[0] // SLOT_MS == slot])
    for _, _, pieces in walk(trace, line):
        journal += [(one.start, one.end) for one in pieces if isinstance(one, Credit)]
    journal.sort()
    assert all(start < end and start // SLOT_MS == (end - 1) // SLOT_MS for start, end in journal)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(journal))


@given(traces)
def test_no_tick_credits_more_than_the_machine_was_awake(trace):
    for before, now, pieces in walk(trace):
        credited = sum(amount(one) for one in pieces if isinstance(one, Credit))
        assert 0 <= credited <= now.mono - before.mono


@given(traces)
def test_nothing_is_credited_in_the_future(trace):
    for _, now, pieces in walk(trace):
        assert all(one.end <= now.wall + account.TOLERANCE_MS for one in pieces if isinstance(one, Credit))


@given(traces, st.integers(0, 59))
def test_a_restart_from_the_saved_state_loses_no_millisecond(trace, at):
    line, total, now = Timeline(FIRST), 0, FIRST
    for number, move in enumerate(trace):
        now = after(now, *move)
        total += sum(amount(piece) for piece in line.advance(now, LONGEST))
        if number == at:
            position, slept = line.position, line.slept
            line = Timeline(line.last)
            line.take_up(position, slept)
    now = after(now, 10)
    assert total + sum(amount(piece) for piece in line.skip(now, "the end")) == now.boot - FIRST.boot


def test_undisturbed_time_is_credited_whole():
    pieces = Timeline(FIRST).advance(after(FIRST, 15_000), LONGEST)
    assert pieces == [Credit(START, START + 15_000)]


def test_a_credit_is_cut_at_the_slot():
    first = msgspec.structs.replace(FIRST, wall=START + SLOT_MS - 4000)
    pieces = Timeline(first).advance(after(first, 10_000), LONGEST)
    assert pieces == [Credit(START + SLOT_MS - 4000, START + SLOT_MS), Credit(START + SLOT_MS, START + SLOT_MS + 6000)]


def test_sleep_is_a_gap_with_its_whole_length():
    [gap] = Timeline(FIRST).advance(after(FIRST, 1000, 8 * 3_600_000), LONGEST)
    assert (gap.reason, gap.elapsed) == (SUSPENDED, 8 * 3_600_000 + 1000)


@settings(max_examples=1000)
@given(st.lists(st.tuples(st.integers(0, LONGEST), st.integers(0, 3 * 86_400_000)), min_size=1, max_size=6))
def test_of_a_thousand_suspends_no_millisecond_is_credited_and_each_gap_says_so(nights):
    line, now, pieces = Timeline(FIRST), FIRST, []
    for awake, asleep in nights:
        now = after(now, awake, asleep)
        got = line.advance(now, LONGEST)
        pieces += got
        if asleep > TOLERANCE_MS:
            assert [(piece.reason, piece.elapsed >= asleep) for piece in got] == [(SUSPENDED, True)]
    assert sum(piece.end - piece.start for piece in pieces if isinstance(piece, Credit)) <= sum(
        one for one, _ in nights
    )


def test_a_stopped_process_is_a_gap():
    [gap] = Timeline(FIRST).advance(after(FIRST, 90_000), LONGEST)
    assert (gap.reason, gap.elapsed) == (STALLED, 90_000)


def test_a_moved_clock_says_from_where_to_where_and_costs_one_tick():
    line = Timeline(FIRST)
    step, gap = line.advance(after(FIRST, 1000, 0, -7_200_000), LONGEST)
    assert step == Step(before=START + 1000, after=START + 1000 - 7_200_000)
    assert (gap.reason, gap.elapsed) == (STEPPED, 1000)
    assert line.position == step.after


def test_time_that_is_recorded_already_is_a_gap_that_says_so():
    line = Timeline(FIRST, lambda _slot: [(START + 2000, START + 5000)])
    pieces = line.advance(after(FIRST, 10_000), LONGEST)
    assert pieces == [
        Credit(START, START + 2000),
        Gap(START + 2000, START + 5000, 3000, ALREADY),
        Credit(START + 5000, START + 10_000),
    ]
