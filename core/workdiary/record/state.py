"""What a session must remember over a restart."""

from __future__ import annotations

import msgspec

from workdiary.clock import Reading
from workdiary.record.absence import Absence
from workdiary.record.segment import OpenSegment


class State(msgspec.Struct, kw_only=True):
    """All that a restart needs: the row that is saved."""

    session: str
    contract: str
    memo: str
    paused: bool
    pause_reason: str = ""
    last: Reading
    position: int
    slept: int = 0  #: ms of sleep too short for a gap, to be made up for in the next one
    #: The open one last; before it, those that wait for their snapshot, or for what becomes of time without input.
    segments: list[OpenSegment] = []
    absence: Absence = msgspec.field(default_factory=Absence)
