"""Deleting a segment that is still being recorded, or that was when its notice was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.desk.desk import carry_out
from workdiary.desk.reader import Reader
from workdiary.errors import RuleError, StorageError
from workdiary.payloads import EventKind
from workdiary.slots import iso, slot_start_ms

if TYPE_CHECKING:
    from workdiary.diary.rules import Rules
    from workdiary.record.segment import OpenSegment
    from workdiary.tracker.tracker import Tracker


def discard(
    tracker: Tracker, rules: Rules, *, contract: str = "", session: str = "", slot: int = -1, taken_at: int = 0
) -> dict[str, Any]:
    """Delete the segment that holds the image taken at *taken_at*, sealed or not; without arguments the open one.

    Its values are gone from every file when this returns, but for a reader that holds the journal (``clean``). A slot
    that is still running goes on with a fresh segment.
    """
    if tracker.recorder is not None:
        tracker.tick()  # time is credited until now, and what is ripe is sealed
        for segment in reversed(tracker.recorder.state.segments):
            if not session or (segment.session, segment.slot, taken_at in _times(segment)) == (session, slot, True):
                return _unsealed(tracker, segment)
    if not session:
        raise RuleError("nothing is recorded in these ten minutes yet", remedy="workdiary diary")
    return _sealed(tracker, rules, contract, session, slot, taken_at)


def _unsealed(tracker: Tracker, segment: OpenSegment) -> dict[str, Any]:
    assert tracker.recorder is not None  # it holds the segment
    tracker.recorder.seal(segment, deleted=True)
    had_begun = tracker.shots.give_up(segment.slot)
    tracker.tick()
    if tracker.recorder.outbox:
        raise StorageError(
            f"{tracker.keeper.trouble}: the segment is deleted as soon as the disk can be written",
            remedy="Until then it leaves this machine in no way.",
        )
    if had_begun:  # its image may lie on the disk already, without a name
        tracker.keeper.sweep(older_than_s=0)
    tracker.tell(EventKind.DIARY_CHANGED, "discard", segment.contract)
    return {
        "slot": iso(slot_start_ms(segment.slot)),
        "contract": segment.contract,
        "tracked_seconds": segment.tracked_ms // 1000,
        "images": len(segment.shot.images),
        "clean": tracker.keeper.erase_leftovers(),
    }


def _sealed(tracker: Tracker, rules: Rules, contract: str, session: str, slot: int, taken_at: int) -> dict[str, Any]:
    """Delete it as any other segment, by the rules for these."""
    for one in Reader(tracker.keeper.journal.connection, rules).log(range(slot, slot + 1)).segments:
        images = one.snapshot.images if one.snapshot else ()
        if (one.contract, one.session) == (contract, session) and taken_at in {image.taken_at for image in images}:
            arguments = {"segments": [one.id], "keep_time": False}
            done = carry_out(tracker.keeper, rules, "delete", arguments, wall_ms=tracker.wall_ms)
            tracker.delivery.poke()
            tracker.tell(EventKind.DIARY_CHANGED, "delete", contract)
            return {
                "slot": iso(one.start_ms),
                "contract": contract,
                "tracked_seconds": one.tracked_seconds,
                "images": len(images),
                "clean": done["clean"],
            }
    raise RuleError("this image is not in the diary any more", remedy="workdiary diary")


def _times(segment: OpenSegment) -> set[int]:
    return {image["taken_at"] for image in segment.shot.images}
