"""Every command at any time, on any clock: the sums hold, and the week verifies whenever it is exported."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from workdiary.errors import RuleError
from workdiary.journal.entry import Gap, Segment
from workdiary.payloads import NoticeKind
from workdiary.record.idle import Idle
from workdiary.slots import SLOT_MS, week_of
from workdiary.tracker.commands import IDLE_ANSWERS

CONTRACTS = ("acme", "other")


class Machine(RuleBasedStateMachine):
    """A person, a machine and a clock that do what they like. ``make_bench`` is set by the test."""

    make_bench = None

    def __init__(self) -> None:
        super().__init__()
        self.bench = self.make_bench()
        self.bench.change("contract_edit", contract="other", terms={"idle_minutes": 3, "idle": "discard"})
        self.began = 0
        self.span = 0  # of all sessions, by the clock that runs through sleep

    @property
    def tracker(self):
        return self.bench.tracker

    def is_on(self) -> bool:
        return self.tracker.recorder is not None

    def ended(self, *, at: int) -> None:
        self.span += at - self.began

    @precondition(lambda self: not self.is_on())
    @rule(contract=st.sampled_from(CONTRACTS), memo=st.sampled_from(("", "memo")))
    def start(self, contract, memo):
        self.tracker.start(contract, memo)
        self.began = self.bench.now.boot

    @precondition(is_on)
    @rule()
    def stop(self):
        self.tracker.stop()
        self.ended(at=self.bench.now.boot)

    @precondition(is_on)
    @rule(contract=st.sampled_from(CONTRACTS))
    def switch(self, contract):
        self.tracker.switch(contract, "")
        self.ended(at=self.bench.now.boot)
        self.began = self.bench.now.boot

    @precondition(is_on)
    @rule()
    def pause_or_resume(self):
        recorder = self.tracker.recorder
        (self.tracker.resume if recorder.state.paused else self.tracker.pause)()

    @precondition(is_on)
    @rule(memo=st.text(alphabet="aé漢🙂 ", max_size=5))
    def memo(self, memo):
        self.tracker.set_memo(memo)

    @rule(ms=st.integers(1, 90_000) | st.integers(SLOT_MS, 2 * SLOT_MS), keys=st.integers(0, 9), pictures=st.booleans())
    def time_passes(self, ms, keys, pictures):
        self.bench.sources.keys += keys  # at times by somebody whom the idle timer does not see
        self.bench.pass_time(ms, pictures=pictures)

    @rule(minutes=st.integers(0, 25), pictures=st.booleans(), unsure=st.booleans())
    def nobody_is_there(self, minutes, pictures, unsure):
        self.bench.sources.unsure = unsure
        self.bench.sources.untouched_since = self.bench.now.mono
        self.bench.pass_time(minutes * 60_000, pictures=pictures)

    @rule()
    def somebody_is_there(self):
        self.bench.sources.untouched_since = None
        if self.is_on():
            self.tracker.hasten()
        self.bench.pass_time(1000)

    @precondition(lambda self: self.is_on() and self.tracker.recorder.state.absence.question)
    @rule(answer=st.sampled_from(IDLE_ANSWERS), memo=st.sampled_from(("", "meeting")))
    def answer(self, answer, memo):
        try:
            self.tracker.answer_idle(answer, memo if answer == "keep" else "")
        except RuleError as refused:
            assert "nothing is asked" in refused.message  # noqa: PT017  # it was decided a moment before
            return
        if answer == "stop":
            self.ended(at=self.bench.now.boot)

    @rule(
        to=st.sampled_from((False, True)), blind=st.sampled_from(("", "no meter")), denied=st.sampled_from(("", "no"))
    )
    def the_desktop_changes(self, to, blind, denied):
        self.bench.sources.locked, self.bench.sources.blind, self.bench.sources.denied = to, blind, denied

    @rule(ms=st.integers(5_000, 3 * SLOT_MS))
    def suspend(self, ms):
        self.bench.move(0, asleep=ms)

    @rule(ms=st.integers(-3 * SLOT_MS, 3 * SLOT_MS))
    def step(self, ms):
        self.bench.move(0, stepped=ms)

    @rule(ms=st.integers(1, 60_000))
    def stall(self, ms):
        self.bench.move(ms)

    @precondition(is_on)
    @rule(away=st.integers(0, 2 * SLOT_MS))
    def kill_and_take_up(self, away):
        last = self.bench.state()["last"]["boot"] + self.bench.state()["slept"]
        self.bench.kill()
        self.bench.move(away)
        if not self.tracker.take_up():
            self.ended(at=last)

    @rule(data=st.data(), keep_time=st.booleans())
    def delete(self, data, keep_time):
        names = [one.id for contract in CONTRACTS for one in self.bench.week(contract).segments if not one.deleted]
        if names:
            try:
                self.bench.change("delete", segments=[data.draw(st.sampled_from(names))], keep_time=keep_time)
            except RuleError as refused:
                assert keep_time, refused  # noqa: PT017  # there may be no image

    @precondition(is_on)
    @rule(data=st.data())
    def discard(self, data):
        """The open segment; or the image of any notice that was ever shown."""
        images = [one.actions[0].arguments for one in self.bench.sources.notices if one.kind is NoticeKind.SNAPSHOT]
        which = data.draw(st.sampled_from([{}, *images]))
        try:
            self.bench.discard(**which)
        except RuleError as refused:
            assert any(text in refused.message for text in ("yet", "not in the diary", "locked")), refused  # noqa: PT017

    @rule(ago=st.integers(1, 6))
    def manual(self, ago):
        start = (self.bench.now.wall // SLOT_MS - ago) * SLOT_MS
        try:
            self.bench.change("manual_add", contract="acme", start_ms=start, slots=1, memo="")
        except RuleError as refused:
            assert "logged already" in refused.message or "locked" in refused.message  # noqa: PT017

    @invariant()
    def credits_and_gaps_are_the_span(self):
        if self.is_on():
            return
        found = [one for contract in CONTRACTS for one in self.bench.entries(contract=contract)]
        credited = sum(end - start for one in found if isinstance(one, Segment) for start, end in one.intervals)
        assert credited + sum(one.elapsed for one in found if isinstance(one, Gap)) == self.span

    @invariant()
    def no_time_is_counted_twice(self):
        found = [one for contract in CONTRACTS for one in self.bench.entries(Segment, contract)]
        pairs = sorted((one.slot * SLOT_MS + a, one.slot * SLOT_MS + b) for one in found for a, b in one.intervals)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(pairs))

    @invariant()
    def no_unknown_count_is_a_number(self):
        for contract in CONTRACTS:
            for one in self.bench.week(contract).segments:
                assert one.keys is None or one.keys <= self.bench.sources.keys

    def teardown(self):
        if self.is_on():
            self.tracker.stop()
            self.ended(at=self.bench.now.boot)
        self.credits_and_gaps_are_the_span()
        weeks = {(c, week_of(one.slot)) for c in CONTRACTS for one in self.bench.entries(Segment, c)}
        found = {pair: self.bench.verified(*pair) for pair in weeks}
        assert {pair: text for pair, text in found.items() if text} == {}
        self.bench.close()


@pytest.mark.timeout(110)
def test_any_order_of_commands_on_any_clock_keeps_the_sums_and_verifies(make_bench):
    class Bound(Machine):
        pass

    Bound.make_bench = staticmethod(make_bench)
    run_state_machine_as_test(
        Bound,
        settings=settings(
            max_examples=60,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def discard_five_minutes(machine):
    machine.start("other", "")
    machine.time_passes(60_000, 5, pictures=False)
    machine.nobody_is_there(5, pictures=False, unsure=False)
    machine.answer("discard", "")
    machine.stop()


@pytest.mark.parametrize("forgetful", [False, True])
def test_a_tracker_that_tells_nothing_of_what_was_discarded_is_caught(make_bench, monkeypatch, forgetful):
    class Bound(Machine):
        pass

    Bound.make_bench = staticmethod(make_bench)
    machine, answer = Bound(), Idle.answer
    if forgetful:
        monkeypatch.setattr(Idle, "answer", lambda *given: [one for one in answer(*given) if one.type is not Gap])
    discard_five_minutes(machine)
    if forgetful:
        with pytest.raises(AssertionError):
            machine.credits_and_gaps_are_the_span()
    else:
        machine.teardown()
