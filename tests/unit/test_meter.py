from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from workdiary.payloads import Unknown
from workdiary.record.meter import Odometer
from workdiary.slots import MINUTE_MS

RUN = ("meter", "run")
BLIND = Unknown(reason="no display")

readings = st.lists(
    st.tuples(
        st.integers(1, 90_000), st.integers(0, 50), st.sampled_from(("seen", "seen", "seen", "blind", "restart"))
    ),
    max_size=40,
)


def walk(trace):
    """Return the counts by minute (None: unknown) and the true presses by minute, of one odometer from 0 on."""
    meter, end, total, run = Odometer(), 0, 0, 0
    meter.read(0, RUN, 0)
    counted, true = defaultdict(int), defaultdict(int)
    for ms, presses, what in trace:
        true[end // MINUTE_MS] += presses  # all at the beginning of the stretch
        end += ms
        total += presses
        if what == "restart":
            run, total = run + 1, 0
        measured = meter.read(end, ("meter", f"run{run}" if run else "run"), BLIND if what == "blind" else total)
        note(counted, measured)
    note(counted, meter.settle(end))
    return counted, true


def note(counted, measured):
    for one in measured:
        if isinstance(one.value, Unknown):
            counted[one.minute] = None
        elif counted[one.minute] is not None:
            counted[one.minute] += one.value


@given(readings)
def test_no_more_is_counted_than_was_pressed(trace):
    counted, true = walk(trace)
    assert sum(value or 0 for value in counted.values()) <= sum(true.values())


@given(readings)
def test_no_count_is_negative(trace):
    assert all(value is None or value >= 0 for value in walk(trace)[0].values())


@given(st.lists(st.tuples(st.integers(1, 90_000), st.integers(0, 50), st.just("seen")), max_size=40))
def test_a_meter_that_always_sees_counts_every_press(trace):
    counted, true = walk(trace)
    assert sum(counted.values()) == sum(true.values())


@given(st.integers(1, 50), st.integers(1, 30_000))
def test_a_restart_of_the_meter_is_unknown_and_never_zero(presses, ms):
    meter = Odometer()
    meter.read(0, RUN, presses)
    [one] = meter.read(ms, ("meter", "another run"), 0)
    assert isinstance(one.value, Unknown)


def test_a_missed_reading_within_a_minute_costs_nothing():
    meter = Odometer()
    meter.read(0, RUN, 10)
    assert meter.read(10_000, RUN, BLIND) == []
    assert meter.doubtful(10_000)[0].value == BLIND
    [one] = meter.read(20_000, RUN, 15)
    assert one.value == 5


def test_what_happens_in_a_gap_is_not_counted():
    meter = Odometer()
    meter.read(0, RUN, 10)
    meter.rebase(60_000)
    assert meter.read(60_000, RUN, 500) == []
    [one] = meter.read(61_000, RUN, 502)
    assert one.value == 2
