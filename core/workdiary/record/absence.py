"""Since when nobody has touched keyboard or mouse: a pure fold over readings of the desktop's idle timer.

Only what was proven to be without input is ever asked about: an unknown reading counts as if somebody were there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workdiary.slots import SLOT_MS, lock_ms, slot_of, week_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary.clock import Reading
    from workdiary.record.account import Credit

#: The clock and the idle timer are not read in one instant: an input right after the last reading must not be missed.
JITTER_MS = 100
#: How long a question stays open when somebody is there again.
PATIENCE_MS = 15 * 60_000
#: What is undecided is kept in one row: more is not held back.
MOST_MS = 4 * 3_600_000
MOST_PIECES = 240
#: A question is settled so long before its first week locks, or its segments would be late.
BEFORE_LOCK_MS = 5 * 60_000

Pieces = list[tuple[int, int]]  # credited time in ms since 1970, in the order in which it passed


class Question(msgspec.Struct, kw_only=True):
    """What becomes of these pieces? ``default`` is what the contract says."""

    pieces: Pieces
    default: str
    growing: bool = True  #: there was no input since
    back: int | None = None  #: monotonic ms: since when somebody has been there again, and the screen not locked

    @property
    def total_ms(self) -> int:
        """How much time it is about."""
        return total(self.pieces)


class Absence(msgspec.Struct, kw_only=True):
    """Saved with the session: what was credited since the last input, and the question if there is one."""

    seen: int = 0  #: monotonic ms of the last reading
    tail: Pieces = []
    question: Question | None = None

    def observe(self, now: Reading, idle_ms: int | None, credited: Sequence[Credit]) -> int | None:
        """Take a reading and what was credited since the last one; None: the idle time is unknown.

        Returns where the time in question ends, once, when somebody is there again.
        """
        away = idle_ms is not None and idle_ms >= now.mono - self.seen + JITTER_MS
        self.seen = now.mono
        question = self.question
        if away:
            pieces = question.pieces if question and question.growing else self.tail
            for one in credited:
                extend(pieces, one.start, one.end)
            return None
        self.tail = _last(credited, idle_ms or 0)
        returned = question is not None and question.growing
        if question is not None:
            question.growing = False
            question.back = now.mono if question.back is None else question.back
        return question.pieces[-1][1] if question is not None and returned else None

    def ask(self, limit_ms: int, default: str) -> bool:
        """Open the question, or go on with the open one, if the tail is as long as *limit_ms*; 0: never."""
        if not limit_ms:
            self.tail = []
        if not limit_ms or total(self.tail) < limit_ms:
            return False
        if self.question is None:
            self.question = Question(pieces=[], default=default)
        for start, end in self.tail:
            extend(self.question.pieces, start, end)
        self.question.growing, self.question.back, self.tail = True, None, []
        return True

    def is_overdue(self, now: Reading) -> bool:
        """Say whether the question has waited for an answer as long as it can."""
        question = self.question
        if question is None:
            return False
        if question.back is not None and now.mono - question.back >= PATIENCE_MS:
            return True
        if question.total_ms >= MOST_MS or len(question.pieces) >= MOST_PIECES:
            return True
        return now.wall >= lock_ms(min(week_of(slot_of(start)) for start, _ in question.pieces)) - BEFORE_LOCK_MS

    def holds(self, slot: int) -> bool:
        """Say whether anything in *slot* is undecided."""
        pieces = [*self.question.pieces, *self.tail] if self.question else self.tail
        return touches(pieces, slot)


def total(pieces: Pieces) -> int:
    """Return the length of all pieces in ms."""
    return sum(end - start for start, end in pieces)


def touches(pieces: Pieces, slot: int) -> bool:
    """Say whether any piece lies in *slot*."""
    return any(start < (slot + 1) * SLOT_MS and end > slot * SLOT_MS for start, end in pieces)


def extend(pieces: Pieces, start: int, end: int) -> None:
    """Append a piece; one that goes on where the last one ended makes that longer."""
    if pieces and pieces[-1][1] == start:
        pieces[-1] = (pieces[-1][0], end)
    else:
        pieces.append((start, end))


def _last(credited: Sequence[Credit], ms: int) -> Pieces:
    """Return the last *ms* of what was credited, as far as it is one stretch."""
    if not credited or ms <= 0:
        return []
    end = start = credited[-1].end
    for one in reversed(credited):
        if one.end != start:
            break
        start = one.start
    start = max(start, end - ms)
    return [(start, end)]
