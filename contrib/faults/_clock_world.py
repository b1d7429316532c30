"""The true time of a machine full of trouble, and plain lists in the place of its journal."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from _common import CONTRACT, KEYS, make_home, terms

from workdiary.clock import Reading
from workdiary.journal.entry import Clock, Gap, Segment
from workdiary.journal.store import Journal
from workdiary.record.days import Days
from workdiary.record.recorder import Recorder, Sample
from workdiary.record.segment import FIELDS
from workdiary.tracker import history

if TYPE_CHECKING:
    from pathlib import Path

START = 1_790_000_000_000


class Ledger:
    """Plain lists in the place of the journal."""

    def __init__(self) -> None:
        self.intervals: dict[int, list[tuple[int, int]]] = {}
        self.gaps: list[dict] = []
        self.keys = 0
        self.saved = b""

    def write(self, recorder: Recorder, wall: int, state: bytes | None) -> None:
        for draft in recorder.outbox:
            if draft.type is Segment:
                self.intervals.setdefault(draft.values["slot"], []).extend(draft.values["intervals"])
                self.keys += sum(row[0] or 0 for row in draft.openings["counts"]["minutes"])
            elif draft.type is Gap:
                self.gaps.append(draft.values)
            elif draft.type is Clock:
                assert draft.values["before"] != draft.values["after"]
        self.store(recorder.outbox, wall)
        recorder.outbox.clear()
        if state is not None:
            self.saved = state

    def store(self, drafts: list, wall: int) -> None:
        pass

    def recorded(self, slot: int) -> list[tuple[int, int]]:
        return [(slot * 600_000 + a, slot * 600_000 + b) for a, b in self.intervals.get(slot, [])]

    def days(self) -> Days:
        return Days(KEYS.seed, CONTRACT, (), ())

    def total(self) -> int:
        credited = sum(b - a for pairs in self.intervals.values() for a, b in pairs)
        return credited + sum(gap["elapsed"] for gap in self.gaps)


class JournalLedger(Ledger):
    """The same over the real journal and the tracker's own way to ask it."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.journal = Journal(make_home(directory).journal, KEYS)
        self.journal.append([terms()], at_ms=START)

    def store(self, drafts: list, wall: int) -> None:
        self.journal.append(drafts, at_ms=wall)

    def recorded(self, slot: int) -> list[tuple[int, int]]:
        found = history.recorded(self.journal.connection, slot)
        assert sorted(found) == sorted(super().recorded(slot))
        return found

    def days(self) -> Days:
        return history.days(self.journal.connection, KEYS.seed, CONTRACT)


class World:
    """The clocks. ``drift`` and ``slept`` are the truth since the last gap."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.wall, self.mono, self.boot, self.boots = START + self.rng.randrange(10**9), 5000, 5000, 0
        self.typed, self.slew = 0, self.rng.choice((0, 0, 500, -500, 90))
        self.touched, self.away = self.mono, 0  # the last input, and for how many samples there is none
        self.anchor()

    def anchor(self) -> None:
        self.drift = self.slept = 0

    def reading(self) -> Reading:
        self.awake(2)  # it takes a moment, and the three clocks are not read in one instant
        jitter = self.rng.choice((0, 0, 1))
        return Reading(wall=self.wall + jitter, mono=self.mono, boot=self.boot + jitter, boot_id=str(self.boots))

    def awake(self, ms: int) -> None:
        self.mono += ms
        self.boot += ms
        shift = ms * self.slew // 1_000_000
        self.wall += ms + shift
        self.drift += shift

    def asleep(self, ms: int) -> None:
        self.boot += ms
        self.wall += ms
        self.slept += ms

    def step(self, ms: int) -> None:
        self.wall += ms
        self.drift += ms

    def sample(self) -> Sample:
        self.away = max(0, self.away - 1)
        if not self.away:
            self.typed += self.rng.randrange(9)
            self.touched = self.mono
        idle_ms = None if self.rng.random() < 0.01 else self.mono - self.touched
        return Sample(fields=dict.fromkeys(FIELDS, (("meter", f"run {self.boots}"), self.typed)), idle_ms=idle_ms)

    def log_uniform(self, low: int, high: int) -> int:
        return int(low * (high / low) ** self.rng.random())
