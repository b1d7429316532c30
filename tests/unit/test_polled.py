from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from workdiary.source import polled
from workdiary.source.polled import BUSY_S, QUIET_S, PolledIdle


class Typist:
    """Inputs at given milliseconds, looked at when the poller wants to."""

    def __init__(self, inputs) -> None:
        self.now, self.inputs = 0, sorted(inputs)

    def idle(self) -> int:
        return self.now - max([at for at in self.inputs if at <= self.now], default=-60_000)


def test_a_burst_counts_from_the_first_input_that_a_look_finds(monkeypatch):
    typist = Typist([200, 500, 700])
    monkeypatch.setattr(polled, "now_ms", lambda: typist.now)
    idle = PolledIdle(typist.idle)
    assert (idle.wait_s, idle.idle_ms(), idle.active_ms()) == (QUIET_S, 60_000, 0)
    typist.now = 1_000
    assert idle.look()
    assert (idle.wait_s, idle.active_ms()) == (BUSY_S, 300)
    typist.now = 2_000
    assert not idle.look()
    assert (idle.wait_s, idle.active_ms(), idle.idle_ms()) == (QUIET_S, 1_000, 1_300)


@example([501, 1502])
@given(st.lists(st.integers(0, 30_000), max_size=60))
def test_active_time_is_never_more_than_there_was_and_misses_a_second_of_a_burst_and_a_quarter_of_a_pause(inputs):
    typist = Typist(inputs)
    before, polled.now_ms = polled.now_ms, lambda: typist.now
    try:
        idle = PolledIdle(typist.idle)
        while typist.now < 40_000:
            typist.now += round(idle.wait_s * 1000)
            idle.look()
        real, bursts, pauses, end = 0, 0, 0, -1
        for at in typist.inputs:
            bursts += at > end
            pauses += at > end - 250
            real += min(1000, at + 1000 - max(at, end))
            end = at + 1000
        assert real - 1000 * bursts - 250 * pauses <= idle.active_ms() <= real
    finally:
        polled.now_ms = before
