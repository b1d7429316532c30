"""One random trace through the recorder, and what an oracle that knows the true time makes of it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import msgspec
from _clock_world import Ledger, World
from _common import CONTRACT

from workdiary.journal.entry import Gap, Segment
from workdiary.record import account
from workdiary.record.idle import CONTRACT as CONTRACT_RULE
from workdiary.record.idle import FREELANCER
from workdiary.record.recorder import Recorder
from workdiary.record.schedule import LONGEST_MS
from workdiary.record.segment import Shot
from workdiary.record.state import State
from workdiary.tracker.tracker import RESUME_MS

if TYPE_CHECKING:
    from collections import Counter

    from workdiary.clock import Reading

TOLERANCE = 2000
IDLE_MS = 60_000  #: what the contract says; short, so that it comes often
NEAR = 12  #: ms around the tolerance in which either answer is right: the readings jitter
YEAR = 365 * 86_400_000


class Trace(World):
    """One device's day of trouble. ``broken`` says which promises were."""

    def __init__(self, seed: int, ledger: Ledger, seen: Counter[str]) -> None:
        super().__init__(seed)
        self.ledger = ledger
        self.seen = seen
        self.broken: list[str] = []
        self.waiting: list[tuple[int, int]] = []  # slot of a snapshot under way, ticks until it comes back

    # -- one session after another

    def run(self, events: int) -> None:
        self.open()
        for _ in range(events):
            self.event()
            if len(self.broken) > 3:
                return
        self.close("")
        self.check_ledger()

    def open(self) -> None:
        self.anchor()
        now = self.reading()
        state = State(session="s", contract=CONTRACT, memo="", paused=False, last=now, position=now.wall)
        self.base, self.first = self.ledger.total(), now
        self.recorder = self.made(state)
        self.recorder.start()
        self.recorder.tick(now, self.sample(), LONGEST_MS)
        self.anchor()
        self.save(now)

    def made(self, state: State) -> Recorder:
        recorder = Recorder(state, self.ledger.days(), recorded=self.ledger.recorded)
        recorder.idle.limit_ms, recorder.idle.default = IDLE_MS, self.rng.choice(("keep", "discard"))
        return recorder

    def close(self, reason: str) -> None:
        now = self.reading()
        if reason:  # a killed tracker's session ends at its last tick
            last = self.recorder.state.last
            self.recorder.abandon(reason, now)
        else:
            last = now
            if not self.recorder.state.paused:
                self.tick(now)
            self.recorder.stop("", now)
        self.ledger.write(self.recorder, now.wall, b"")
        self.waiting.clear()
        self.check_total(last, exact=False)

    def save(self, now: Reading, *, passing: bool = False) -> None:
        if passing and not self.recorder.outbox and self.rng.random() < 0.7:
            return
        self.ledger.write(self.recorder, now.wall, self.recorder.saved())

    def event(self) -> None:
        kinds = ("step", "back", "nudge", "sleep", "doze", "stall", "pause", "kill", "reboot", "leave", "answer")
        kind = self.rng.choices((*kinds, ""), weights=(3, 5, 3, 3, 3, 3, 3, 3, 1, 3, 6, 60))[0]
        if kind:
            self.seen[kind] += 1
            getattr(self, f"on_{kind}")()
        elif self.recorder.state.paused:
            self.awake(self.rng.randrange(1, 15_000))
            now = self.reading()
            if self.rng.random() < 0.3:
                self.recorder.resume(now, "paused")
                self.anchor()
                self.recorder.tick(now, self.sample(), LONGEST_MS)
                self.check_total(now, exact=True)
                self.save(now)
        else:
            self.awake(self.rng.choice((1000, 1001, 15_000, self.rng.randrange(1, LONGEST_MS + 1))))
            self.tick(self.reading())

    def on_step(self) -> None:
        self.step(self.rng.choice((-1, 1)) * self.log_uniform(1000, 10 * YEAR))

    def on_back(self) -> None:
        self.step(-self.log_uniform(3000, 3_600_000))

    def on_nudge(self) -> None:
        self.step(self.rng.randrange(-1900, 1900))

    def on_sleep(self) -> None:
        self.asleep(self.log_uniform(1000, 14 * 86_400_000))
        if self.rng.random() < 0.3:  # the hardware clock stood still meanwhile, or worse
            self.step(self.rng.choice((-self.slept, 3_600_000, -3_600_000)))

    def on_doze(self) -> None:
        self.asleep(self.rng.randrange(100, 1500))

    def on_stall(self) -> None:
        self.awake(self.log_uniform(LONGEST_MS - 1000, 7_200_000))

    def on_leave(self) -> None:
        self.away = self.rng.randrange(2, 60)

    def on_answer(self) -> None:
        if self.recorder.state.absence.question is None:
            return
        answer, by = self.rng.choice(("keep", "discard")), self.rng.choice((FREELANCER, CONTRACT_RULE))
        before = self.sum()
        self.recorder.answer(answer, by, "label")
        self.seen[answer] += 1
        if self.sum() != before:
            self.broken.append(f"{answer}: credits and gaps were {before} ms and are {self.sum()}")
        self.save(self.reading())

    def on_pause(self) -> None:
        if not self.recorder.state.paused:
            now = self.reading()
            if self.rng.random() < 0.5:  # a locked screen pauses at the last tick, a person at this moment
                self.tick(now)
            self.recorder.pause("paused")
            self.save(now)

    def on_kill(self) -> None:
        """Take up the saved state, as the tracker does, or close it and begin anew."""
        lost = self.rng.choice((self.rng.randrange(50, 59_000), self.rng.randrange(61_000, 9_000_000)))
        self.awake(lost)
        if self.rng.random() < 0.3:
            self.step(-self.log_uniform(1000, 1_800_000))
        self.take_up()

    def on_reboot(self) -> None:
        self.mono = self.boot = 3000
        self.boots += 1
        self.wall += self.rng.randrange(10_000, 10**8)
        self.touched = self.mono
        self.take_up()

    def take_up(self) -> None:
        state = msgspec.json.decode(self.ledger.saved, type=State)
        now = self.reading()
        self.recorder, self.waiting = self.made(state), []
        if state.last.boot_id != now.boot_id or now.boot - state.last.boot >= RESUME_MS:
            self.close("the tracker was not running")
            self.open()
        elif not state.paused:
            self.recorder.restart(now)
            self.anchor()
            self.recorder.tick(now, self.sample(), LONGEST_MS)
            self.check_total(now, exact=True)
            self.save(now)

    # -- what is promised

    def tick(self, now: Reading) -> None:
        if self.recorder.state.paused:
            return
        before, gaps = self.amount(), len(self.all_gaps())
        last, sample = self.recorder.state.last, self.sample()
        self.recorder.tick(now, sample, LONGEST_MS)
        fresh = self.all_gaps()[gaps:]
        credited = self.amount() - before
        self.judge(now, now.mono - last.mono, credited, fresh)
        if self.recorder.state.position > now.wall + TOLERANCE + NEAR:
            self.broken.append("time was credited in the future")
        self.snapshots()
        self.save(now, passing=True)

    def judge(self, now: Reading, elapsed: int, credited: int, gaps: list[dict]) -> None:
        idle = [gap for gap in gaps if gap["reason"].startswith("idle")]  # credited until somebody decided
        self.seen["by the contract"] += len(idle)
        credited += sum(gap["elapsed"] for gap in idle)
        gaps = [gap for gap in gaps if gap not in idle]
        already = sum(gap["elapsed"] for gap in gaps if gap["reason"] == account.ALREADY)
        others = [gap["reason"] for gap in gaps if gap["reason"] != account.ALREADY]
        if any(not gap["reason"] or gap["elapsed"] < 0 for gap in gaps):
            self.broken.append("a gap without a reason, or a negative one")
        if not 0 <= credited <= elapsed:
            self.broken.append(f"{credited} ms credited of {elapsed}")
        moved = abs(self.drift)
        if abs(self.slept - TOLERANCE) <= NEAR or abs(moved - TOLERANCE) <= NEAR:
            expected = others  # either is right
        elif self.slept > TOLERANCE:
            expected = [account.SUSPENDED]
        elif moved > TOLERANCE:
            expected = [account.STEPPED]
        else:
            expected = [account.STALLED] if elapsed > LONGEST_MS else []
        if others != expected:
            self.broken.append(f"expected {expected}, found {others}")
        if not others and credited + already != elapsed:
            self.broken.append(f"{elapsed} ms awake, but {credited} credited and {already} known already")
        if others:
            self.anchor()
            self.check_total(now, exact=True)

    def snapshots(self) -> None:
        self.waiting += [(due.slot, self.rng.randrange(60)) for due in self.recorder.take_due()]
        for slot, left in list(self.waiting):
            self.waiting.remove((slot, left))
            if left:
                self.waiting.append((slot, left - 1))
            else:
                self.recorder.attach(slot, Shot(missing="none"))

    def sum(self) -> int:
        """Return all credited ms and all gaps."""
        return self.amount() + sum(gap["elapsed"] for gap in self.all_gaps())

    def amount(self) -> int:
        """Return all credited ms: stored, on the way and open."""
        ways = [draft.values["intervals"] for draft in self.recorder.outbox if draft.type is Segment]
        ways += [one.intervals for one in self.recorder.state.segments]
        return sum(b - a for pairs in (*ways, *self.ledger.intervals.values()) for a, b in pairs)

    def all_gaps(self) -> list[dict]:
        return self.ledger.gaps + [draft.values for draft in self.recorder.outbox if draft.type is Gap]

    def check_total(self, now: Reading, *, exact: bool) -> None:
        """Sum of credits and gaps is the span, to the millisecond, but for sleep too short to have been seen yet."""
        span = now.boot - self.first.boot
        total = self.sum() - self.base
        if total != span if exact else not -NEAR <= span - total <= TOLERANCE + NEAR:
            self.broken.append(f"the span is {span} ms, credits and gaps are {total}")

    def check_ledger(self) -> None:
        for slot, pairs in self.ledger.intervals.items():
            pairs.sort()
            if any(not 0 <= a < b <= 600_000 for a, b in pairs):
                self.broken.append(f"slot {slot}: an interval outside of it")
            if any(left[1] > right[0] for left, right in itertools.pairwise(pairs)):
                self.broken.append(f"slot {slot}: the same time twice")
            if sum(b - a for a, b in pairs) > 600_000:
                self.broken.append(f"slot {slot}: more than ten minutes")
        if self.ledger.keys > self.typed:
            self.broken.append(f"{self.typed} keys typed, {self.ledger.keys} counted")
