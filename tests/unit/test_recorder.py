from __future__ import annotations

import msgspec
import pytest

from workdiary.clock import Reading
from workdiary.journal.entry import Gap, Segment
from workdiary.record.days import Days
from workdiary.record.recorder import Recorder, Sample
from workdiary.record.schedule import LONGEST_MS
from workdiary.record.segment import FIELDS, Shot
from workdiary.record.state import State
from workdiary.slots import SLOT_MS

START = 1_790_000_000_000 // SLOT_MS * SLOT_MS
SLOT = START // SLOT_MS


class Clockwork:
    """A recorder whose time passes by hand; ``sealed`` are the drafts so far."""

    def __init__(self, wall: int = START) -> None:
        self.now = Reading(wall=wall, mono=5000, boot=5000, boot_id="one")
        self.typed = 0
        self.recorder = self.made(
            State(session="s", contract="acme", memo="", paused=False, last=self.now, position=wall)
        )
        self.recorder.start()
        self.tick(0)

    def made(self, state: State) -> Recorder:
        return Recorder(state, Days(b"seed", "acme", (), ()))

    def tick(self, ms: int, *, moved: int = 0, keys: int = 0) -> None:
        self.now = Reading(
            wall=self.now.wall + ms + moved, mono=self.now.mono + ms, boot=self.now.boot + ms, boot_id="one"
        )
        self.typed += keys
        sample = Sample(fields=dict.fromkeys(FIELDS, (("meter", "run"), self.typed)))
        self.recorder.tick(self.now, sample, LONGEST_MS)

    def restart(self, *, moved: int = 0) -> None:
        saved = msgspec.json.encode(self.recorder.state)
        outbox = self.recorder.outbox
        self.recorder = self.made(msgspec.json.decode(saved, type=State))
        self.recorder.outbox = outbox
        self.now = msgspec.structs.replace(self.now, wall=self.now.wall + moved)
        self.recorder.restart(self.now)

    def stop(self) -> list[Segment]:
        self.recorder.stop("", self.now)
        return [draft for draft in self.recorder.outbox if draft.type is Segment]


def intervals(drafts) -> list[tuple[int, int]]:
    return [pair for draft in drafts for pair in draft.values["intervals"]]


def keys(drafts) -> int:
    return sum(row[0] or 0 for draft in drafts for row in draft.openings["counts"]["minutes"])


def test_a_clock_set_back_while_a_snapshot_is_under_way_credits_nothing_twice():
    clock = Clockwork()
    for _ in range(40):
        clock.tick(15_000)
        clock.recorder.take_due()  # never answered: the segment waits for its image
    clock.tick(15_000)
    clock.tick(1000, moved=-300_000)
    for _ in range(10):
        clock.tick(15_000)
    assert intervals(clock.stop()) == [(0, 600_000), (0, 15_000)]


def test_a_clock_set_back_over_a_restart_credits_nothing_twice():
    clock = Clockwork()
    for _ in range(20):
        clock.tick(15_000)
    clock.restart(moved=-120_000)
    for _ in range(12):
        clock.tick(15_000)
    assert sum(end - start for start, end in intervals(clock.stop())) == 300_000 + 60_000


def test_a_slot_that_was_stepped_back_into_stays_one_segment_and_counts_each_key_once():
    clock = Clockwork(START + 500_000)
    due = []
    for _ in range(10):
        clock.tick(15_000, keys=1)
        due += clock.recorder.take_due()
    clock.tick(1000, moved=-400_000)
    for _ in range(10):
        clock.tick(15_000, keys=1)
    segments = clock.stop()
    assert sorted(one.values["slot"] for one in segments) in ([SLOT, SLOT + 1], [SLOT, SLOT, SLOT + 1])
    assert keys(segments) <= clock.typed


def test_a_snapshot_is_attached_to_one_segment():
    clock = Clockwork()
    while not clock.recorder.take_due():
        clock.tick(15_000)
    image = {"sha256": "0" * 64, "width": 1, "height": 1, "bytes": 1, "media_type": "image/webp"}
    image |= {"taken_at": 1, "cause": "derived", "not_noticed": "no notifier"}
    clock.recorder.attach(SLOT, Shot(images=[image], missing=""))
    assert [draft.images for draft in clock.stop()] == [("0" * 64,)]


@pytest.mark.parametrize("pause", [1000, 3_600_000])
def test_a_pause_is_a_gap_of_its_length(pause):
    clock = Clockwork()
    clock.tick(15_000)
    clock.recorder.pause("lunch")
    clock.now = Reading(
        wall=clock.now.wall + pause, mono=clock.now.mono + pause, boot=clock.now.boot + pause, boot_id="one"
    )
    clock.recorder.resume(clock.now, "lunch")
    gaps = [draft.values for draft in clock.recorder.outbox if draft.type is Gap]
    assert [(gap["reason"], gap["elapsed"]) for gap in gaps] == [("lunch", pause)]
