"""Time without input: held back while it is undecided, then kept or taken back out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.intervals import union
from workdiary.journal import entry as entries
from workdiary.journal.store import Draft
from workdiary.payloads import EventKind
from workdiary.record.absence import Absence, Pieces, total, touches
from workdiary.record.account import LOCKED
from workdiary.slots import MINUTE_MS, SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workdiary.clock import Reading
    from workdiary.record.account import Credit
    from workdiary.record.due import Dues
    from workdiary.record.segment import OpenSegment
    from workdiary.record.state import State

FREELANCER = "the freelancer"
CONTRACT = "the contract's rule"


class Idle:
    """One session's question. *settle* is called before time is taken out of segments.

    ``erased`` are images that are named no more, ``told`` what people should hear of; who has done that clears them.
    """

    def __init__(self, state: State, dues: Dues, settle: Callable[[], None]) -> None:
        self.limit_ms = 0
        self.default = "keep"
        self.erased: list[str] = []
        self.told: list[tuple[EventKind, str]] = []
        self.has_cut = False  #: values were taken out of the saved row since this was cleared
        self._state = state
        self._dues = dues
        self._settle = settle
        self._cut: Pieces = []  # the last ones: an image of theirs may still be under way

    @property
    def _absence(self) -> Absence:
        return self._state.absence

    def holds(self, segment: OpenSegment) -> bool:
        """Say whether the segment waits for a decision."""
        return self._absence.holds(segment.slot)

    def look(self, now: Reading, idle_ms: int | None, credited: Sequence[Credit]) -> list[Draft]:
        """Take a reading of the idle timer and what was credited since the last one."""
        if self._state.paused and self._state.pause_reason == LOCKED:
            if self._absence.question is not None:
                self._absence.question.back = None  # whoever is at a locked screen cannot answer
        else:
            returned_at = self._absence.observe(now, idle_ms, credited)
            if returned_at is not None:
                self._begin_stretch(returned_at)
            if self._absence.ask(self.limit_ms, self.default) or returned_at is not None:
                self.remind()
        question = self._absence.question
        overdue = question is not None and self._absence.is_overdue(now)
        return self.answer(question.default, CONTRACT) if question is not None and overdue else []

    def remind(self) -> None:
        """Ask what is open, once more."""
        question = self._absence.question
        if question is not None:
            done = "kept" if question.default == "keep" else "discarded"
            text = f"{self._minutes()} without input. Without an answer they are {done}."
            self.told.append((EventKind.IDLE_ASKED, text))

    def release(self) -> None:
        """What nobody was asked about is decided: it is work."""
        self._absence.tail = []

    def end(self) -> list[Draft]:
        """Decide by the contract whatever is undecided: the session ends."""
        self.release()
        question = self._absence.question
        return self.answer(question.default, CONTRACT) if question is not None else []

    def memos(self, label: str) -> list[tuple[OpenSegment, str]]:
        """Return the memos of segments that lie wholly or partly in the time in question, if it is kept as *label*."""
        pieces = self._absence.question.pieces if self._absence.question and label else []
        found = []
        for one in self._state.segments:
            inside = total(one.shared(pieces))
            if inside:
                found.append((one, label if inside == one.tracked_ms or not one.memo else f"{one.memo}; {label}"))
        return found

    def answer(self, answer: str, by: str, label: str = "") -> list[Draft]:
        """Keep or discard the time in question, by whose word; *label* is for the memo of what is kept."""
        question = self._absence.question
        assert question is not None  # the caller has looked
        text = f"{self._minutes()} without input, {'kept' if answer == 'keep' else 'discarded'} by {by}"
        self.told.append((EventKind.IDLE_ANSWERED, text))
        if answer == "keep":
            for segment, memo in self.memos(label):
                segment.memo = memo
            drafts = [self._draft(entries.Session, action="keep", reason=text)]
        else:
            gone = self._take_out(question.pieces)
            reason = f"idle, discarded by {by}"
            drafts = [
                self._draft(entries.Gap, start=start, end=end, elapsed=end - start, reason=reason)
                for start, end in gone
            ]
        self._absence.question = None
        return drafts

    def has_image(self, segment: OpenSegment) -> bool:
        """Say whether the segment has an image that will stay, whatever is decided."""
        question = self._absence.question
        return segment.has_image_beside(question.pieces if question else ())

    def sift(self, segment: OpenSegment) -> None:
        """Drop the images of a segment that belong to discarded time."""
        if touches(self._cut, segment.slot):
            self.erased += segment.sift(self._cut)

    def _take_out(self, pieces: Pieces) -> Pieces:
        """Take the pieces out of the segments and return what was there of them."""
        self._settle()
        self._cut, self.has_cut = pieces, True
        gone: Pieces = []
        for segment in list(self._state.segments):
            last = segment.intervals[-1:]
            taken = segment.cut(pieces)
            if not taken:
                continue
            gone += taken
            self.sift(segment)
            if segment.intervals[-1:] != last:  # the rest of the slot begins anew
                segment.due = []
                self._dues.forget(segment.slot)
            if not segment.intervals:
                self._state.segments.remove(segment)
                self.erased += [image["sha256"] for image in segment.shot.images]
        return union(gone)

    def _begin_stretch(self, at: int) -> None:
        """Part the interval at *at* and give what follows its own moment: what came before may be discarded."""
        assert self._absence.question is not None  # it ends here
        pieces = self._absence.question.pieces
        for segment in self._state.segments:
            if segment.part(at - segment.slot * SLOT_MS) and not segment.has_image_beside(pieces):
                self._dues.derive(segment, at)

    def _minutes(self) -> str:
        assert self._absence.question is not None  # the caller has looked
        return f"{self._absence.question.total_ms // MINUTE_MS} minutes"

    def _draft(self, kind: type[entries.Entry], **values: object) -> Draft:
        return Draft(contract=self._state.contract, type=kind, values={"session": self._state.session, **values})
