"""Promises of the parts that need no server."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workdiary.source.active import ActiveTime
from workdiary_x11.address import _records
from workdiary_x11.clock import ServerClock
from workdiary_x11.properties import LONGEST_TEXT, clean, decode

inputs = st.lists(st.integers(1, 20_000), min_size=1, max_size=50, unique=True).map(sorted)


@given(inputs)
def test_active_time_is_the_union_of_one_second_after_each_input(moments):
    active = ActiveTime(now=0, idle=5000)
    active.end_quiet(at=moments[0])
    for before, after in pairwise(moments):
        if after - before >= 1000:
            active.begin_quiet(last_input=before)
            active.end_quiet(at=after)
    active.begin_quiet(last_input=moments[-1])
    covered = sum(min(1000, after - before) for before, after in pairwise(moments)) + 1000
    assert active.active_ms(moments[-1] + 1000) == covered
    assert active.idle_ms(moments[-1] + 4321) == 4321


@given(st.integers(0, 2**40), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 500)), min_size=1))
def test_the_servers_clock_is_followed_across_its_wrap(start, events):
    clock = ServerClock()
    clock.local(start % 2**32, start)  # one event without delay sets it
    now = start
    for step, delay in events:
        now += step
        assert clock.local(now % 2**32, now + delay) == now


@given(st.text())
def test_cleaned_text_is_printable_and_short(raw):
    cleaned = clean(raw)
    assert cleaned.isprintable()
    assert len(cleaned) <= LONGEST_TEXT


@given(st.binary(), st.booleans())
def test_any_bytes_decode(data, latin):
    assert isinstance(decode(data, latin=latin), str)


@given(st.binary())
def test_a_damaged_authority_file_does_no_harm(data):
    assert isinstance(_records(data), list)
