"""Random days of somebody who comes and goes: only what was proven to be without input is ever discarded."""

from __future__ import annotations

import itertools
from unittest import mock

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workdiary.clock import Reading
from workdiary.journal.entry import Gap, Segment
from workdiary.record.days import Days
from workdiary.record.idle import CONTRACT, FREELANCER, Idle
from workdiary.record.recorder import Recorder, Sample
from workdiary.record.schedule import LONGEST_MS
from workdiary.record.segment import FIELDS, Shot
from workdiary.record.state import State
from workdiary.slots import SLOT_MS

START = 1_790_000_000_000 // SLOT_MS * SLOT_MS + 123_456
MINUTE = 60_000


class Person:
    """A recorder, a clock, and who sits before it. Nothing sleeps or steps: names and measured time are one."""

    def __init__(self, default: str) -> None:
        self.now = Reading(wall=START, mono=50_000, boot=50_000, boot_id="one")
        self.touched = [self.now.wall]  # every input
        self.drafts = []
        self.default = default
        self.recorder = self.made(
            State(session="s", contract="acme", memo="", paused=False, last=self.now, position=START)
        )
        self.recorder.start()
        self.tick(0)

    def made(self, state: State) -> Recorder:
        def recorded(slot):
            done = [one.values for one in self.drafts if one.type is Segment and one.values["slot"] == slot]
            return [(slot * SLOT_MS + a, slot * SLOT_MS + b) for values in done for a, b in values["intervals"]]

        recorder = Recorder(state, Days(b"seed", "acme", (), ()), recorded=recorded)
        recorder.idle.limit_ms, recorder.idle.default = 10 * MINUTE, self.default
        return recorder

    def pass_time(self, ms: int) -> None:
        self.now = Reading(wall=self.now.wall + ms, mono=self.now.mono + ms, boot=self.now.boot + ms, boot_id="one")

    def sample(self, *, known: bool = True) -> Sample:
        fields = dict.fromkeys(FIELDS, (("meter", "run"), len(self.touched)))
        return Sample(fields=fields, idle_ms=self.now.wall - self.touched[-1] if known else None)

    def tick(self, ms: int, *, known: bool = True) -> None:
        self.pass_time(ms)
        self.recorder.tick(self.now, self.sample(known=known), LONGEST_MS)
        for due in self.recorder.take_due():
            self.recorder.attach(due.slot, Shot(missing="none"))
        self.save()

    def save(self) -> None:
        self.saved = self.recorder.saved()
        self.drafts += self.recorder.outbox
        self.recorder.outbox.clear()

    # -- what may happen

    def away(self, minutes: int) -> None:
        for _ in range(4 * minutes):
            self.tick(15_000)

    def work(self, seconds: int) -> None:
        for _ in range(seconds):
            self.pass_time(400)
            self.touched.append(self.now.wall)
            self.tick(600)

    def unsure(self, minutes: int) -> None:
        for _ in range(4 * minutes):
            self.tick(15_000, known=False)

    def pause(self, minutes: int) -> None:
        self.recorder.pause("paused")
        self.away(minutes)
        self.recorder.resume(self.now, "paused")
        self.tick(0)

    def kill(self, seconds: int) -> None:
        self.pass_time(seconds * 500)
        self.recorder = self.made(msgspec.json.decode(self.saved, type=State))
        self.recorder.restart(self.now)
        self.tick(0)

    def answer(self, answer: str) -> None:
        if self.recorder.state.absence.question is not None:
            self.recorder.answer(answer, FREELANCER, "label")
            self.save()

    def stop(self) -> None:
        self.tick(1000)
        self.recorder.stop("", self.now)
        self.save()

    # -- what is promised

    def check(self) -> None:
        segments = [one for one in self.drafts if one.type is Segment]
        gaps = [one.values for one in self.drafts if one.type is Gap]
        credited = sorted(
            (one.values["slot"] * SLOT_MS + a, one.values["slot"] * SLOT_MS + b)
            for one in segments
            for a, b in one.values["intervals"]
        )
        told = sorted(credited + [(gap["start"], gap["end"]) for gap in gaps])
        assert told[0][0] == START
        assert told[-1][1] == self.now.wall
        assert all(one[1] == other[0] for one, other in itertools.pairwise(told)), "a gap or an overlap is untold"
        assert (
            sum(end - start for start, end in credited) + sum(gap["elapsed"] for gap in gaps) == self.now.wall - START
        )
        assert all(one.values["intervals"] for one in segments)
        for gap in gaps:
            assert gap["reason"]
            if "idle" in gap["reason"]:
                assert not any(gap["start"] < at < gap["end"] for at in self.touched), "work was discarded"
                assert gap["reason"] in {f"idle, discarded by {who}" for who in (FREELANCER, CONTRACT)}
        for one in segments:
            for minute, (keys, *_) in enumerate(one.openings["counts"]["minutes"]):
                first = one.values["slot"] * SLOT_MS + minute * MINUTE
                typed = sum(first <= at < first + MINUTE for at in self.touched)
                assert keys is None or keys <= typed + 1


HAPPENS = st.lists(
    st.tuples(st.just("away"), st.integers(1, 25))
    | st.tuples(st.just("work"), st.integers(1, 90))
    | st.tuples(st.just("unsure"), st.integers(1, 3))
    | st.tuples(st.just("pause"), st.integers(1, 20))
    | st.tuples(st.just("kill"), st.integers(1, 100))
    | st.tuples(st.just("answer"), st.sampled_from(["keep", "discard"])),
    max_size=14,
)


def lived(default: str, happens) -> Person:
    person = Person(default)
    for what, argument in happens:
        getattr(person, what)(argument)
    person.stop()
    return person


@settings(max_examples=100, deadline=None, database=None)
@given(default=st.sampled_from(["keep", "discard"]), happens=HAPPENS)
def test_whatever_is_answered_every_millisecond_is_credited_or_a_gap_and_no_work_is_discarded(default, happens):
    lived(default, happens).check()


A_DAY = [("work", 30), ("away", 12), ("work", 5), ("answer", "discard"), ("work", 5)]


def test_a_recorder_that_forgets_the_gap_is_caught():
    lived("keep", A_DAY).check()
    answer = Idle.answer

    def forgetful(self, *arguments):
        return [draft for draft in answer(self, *arguments) if draft.type is not Gap]

    with mock.patch.object(Idle, "answer", forgetful), pytest.raises(AssertionError, match="untold"):
        lived("keep", A_DAY).check()


def test_a_recorder_that_takes_work_for_absence_is_caught():
    class Deaf(Person):
        def sample(self, *, known: bool = True) -> Sample:
            return Sample(fields=super().sample().fields, idle_ms=1 << 40)

    person = Deaf("keep")
    person.work(11 * 60)
    person.answer("discard")
    person.stop()
    with pytest.raises(AssertionError, match="work was discarded"):
        person.check()


def test_an_answer_takes_nothing_from_what_follows_the_return():
    person = lived("keep", A_DAY)
    [gap] = [one.values for one in person.drafts if one.type is Gap]
    assert gap["elapsed"] == 12 * MINUTE + 600  # since the last key
