"""What the tracker says of itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec

from workdiary.desk.reader import Reader
from workdiary.diary.fold import fold
from workdiary.diary.model import Record
from workdiary.diary.view import segment_json
from workdiary.journal import entry as entries
from workdiary.journal.store import read_state
from workdiary.record.state import State
from workdiary.slots import day_of, iso, slot_of, week_of
from workdiary.tracker.commands import IDLE_ANSWERS

if TYPE_CHECKING:
    from workdiary.diary.rules import Rules
    from workdiary.record.absence import Question
    from workdiary.record.segment import OpenSegment
    from workdiary.tracker.tracker import Tracker


def tracker_status(tracker: Tracker, rules: Rules) -> dict[str, Any]:
    """Return ``status --json`` of a running tracker."""
    recorder = tracker.recorder
    reader = Reader(tracker.keeper.journal.connection, rules)
    if recorder is None:
        return stopped_status(reader, tracker.wall_ms)
    state = recorder.state
    unsealed = [_unsealed_json(one) for one in recorder.shown()]
    return {
        "state": "paused" if state.paused else "tracking",
        "pid": os.getpid(),
        "contract": state.contract,
        "memo": state.memo,
        **_sums(reader, state, tracker.wall_ms),
        "open_segment": {**unsealed[-1], "id": "open", "fails": ["it is still being recorded"]} if unsealed else None,
        "held_segments": unsealed[:-1],
        "readings": tracker.readings(),
        "interrupted": None,
        "idle": idle_json(state.absence.question),
        "notice": tracker.notices.last,
        "offers_discard": recorder.open is not None and bool(recorder.open.shot.images),
        "queue": tracker.queue(),
        "trouble": tracker.keeper.trouble,
    }


def stopped_status(reader: Reader | None, wall_ms: int) -> dict[str, Any]:
    """Return ``status --json`` where nothing is tracked: time is that of all contracts."""
    return {
        "state": "stopped",
        "pid": None,
        "contract": None,
        "memo": None,
        **(_sums(reader, None, wall_ms) if reader else {"today_seconds": 0, "week_seconds": 0}),
        "open_segment": None,
        "held_segments": [],
        "readings": {},
        "interrupted": _interrupted(reader) if reader else None,
        "idle": None,
        "notice": None,
        "offers_discard": False,
        "queue": [],
        "trouble": "",
    }


def _interrupted(reader: Reader) -> dict[str, Any] | None:
    """Return the session that a killed tracker has left, as no other is running."""
    try:
        saved = read_state(reader.connection)
        state = msgspec.json.decode(saved, type=State) if saved else None
    except ValueError:  # damaged; the next start mends it and says so
        return None
    return {"contract": state.contract, "last_tick_ms": state.last.wall} if state else None


def _sums(reader: Reader, state: State | None, wall_ms: int) -> dict[str, int]:
    """Return today's and this week's tracked seconds: of the contract at hand, else of all."""
    slot = slot_of(wall_ms)
    names = [state.contract] if state else sorted(reader.terms())
    done = [pair for name in names for pair in reader.credited(name, week_of(slot))]
    if state:
        done += [(one.slot, one.tracked_ms // 1000) for one in state.segments]
    return {
        "today_seconds": sum(seconds for at, seconds in done if day_of(at) == day_of(slot)),
        "week_seconds": sum(seconds for at, seconds in done if week_of(at) == week_of(slot)),
    }


def idle_json(question: Question | None) -> dict[str, Any] | None:
    """Return what is asked about time without input; ``until`` is None while it goes on."""
    if question is None:
        return None
    return {
        "since": iso(question.pieces[0][0]),
        "until": None if question.growing else iso(question.pieces[-1][1]),
        "seconds": question.total_ms // 1000,
        "default": question.default,
        "choices": list(IDLE_ANSWERS),
    }


def _unsealed_json(segment: OpenSegment) -> dict[str, Any]:
    """Return a segment that is not in the journal yet, in the form of every other."""
    view = segment_json(fold([_as_record(segment)]).segments[0])
    return {**view, "id": f"held-{segment.slot}", "protected": False, "fails": ["it is held back"]}


def _as_record(segment: OpenSegment) -> Record:
    entry = entries.Segment(
        device="0" * 16,
        contract=segment.contract,
        seq=0,
        prev=entries.FIRST_PREV,
        at=segment.slot * 600_000,
        session=segment.session,
        slot=segment.slot,
        intervals=segment.intervals,
        moments=segment.moments,
        commits={},
    )
    openings = {
        "window": segment.shot.window,
        "counts": segment.counts(),
        "memo": segment.memo,
        "snapshot": segment.snapshot(),
    }
    return Record(entry=entry, openings={name: entries.canonical(value) for name, value in openings.items()})
