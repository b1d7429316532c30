"""Folds ticks into segments. It knows no plugin, no disk and no clock: readings go in, drafts of entries come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from workdiary.journal import entry as entries
from workdiary.journal.store import Draft
from workdiary.record.account import RESTARTED, Credit, Gap, Step, Timeline
from workdiary.record.due import Dues
from workdiary.record.idle import Idle
from workdiary.record.meter import Odometer
from workdiary.record.segment import FIELDS, OpenSegment, Shot, hear, measure
from workdiary.record.state import State
from workdiary.slots import SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workdiary.clock import Reading
    from workdiary.payloads import Unknown
    from workdiary.record.days import Days
    from workdiary.record.due import Due


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What the sources said at one tick: field -> ((plugin, run), odometer)."""

    fields: Mapping[str, tuple[tuple[str, str], int | Unknown]]
    idle_ms: int | None = None  #: since the last input of any kind; None: unknown


class Recorder:
    """One session. ``outbox`` holds drafts until the caller has appended them together with ``state``."""

    def __init__(
        self,
        state: State,
        days: Days,
        *,
        recorded: Callable[[int], Iterable[tuple[int, int]]] = lambda _slot: (),
        plan: Callable[[int, int, int], Iterable[int]] = lambda _slot, _start, _derived: (),
    ) -> None:
        self.state = state
        self.outbox: list[Draft] = []
        self._days = days
        self._due = Dues(days, plan)
        self._stored = recorded
        self._odometers = {name: Odometer() for name in FIELDS}
        self._timeline = Timeline(state.last, self._recorded)
        self._timeline.take_up(state.position, state.slept)
        self.idle = Idle(state, self._due, self._settle)

    @property
    def open(self) -> OpenSegment | None:
        """The segment that time is being credited to."""
        return self.state.segments[-1] if self.state.segments else None

    def shown(self) -> list[OpenSegment]:
        """Return copies of the unsealed segments, the open one last; what is in doubt right now is unknown."""
        return self._without_doubt().segments

    def saved(self) -> bytes:
        """Return the row to save: ``state``, but what is in doubt is unknown, as the next run can never clear it."""
        return msgspec.json.encode(self._without_doubt())

    def _without_doubt(self) -> State:
        copy = msgspec.convert(msgspec.to_builtins(self.state), State)
        for name, odometer in self._odometers.items():
            measure(copy.segments, name, odometer.doubtful(self._timeline.position))
        return copy

    def start(self) -> None:
        """Begin the session at the reading it was made with."""
        self._session("start")
        self._rebase()

    def restart(self, now: Reading) -> None:
        """Go on after the tracker itself was away; snapshots that were under way are lost."""
        self._skip(now, RESTARTED)

    def tick(self, now: Reading, sample: Sample, longest_ms: int) -> None:
        """Account for the time since the last tick."""
        if self.state.paused:
            self.outbox += self.idle.look(now, sample.idle_ms, [])
            self.seal_ripe(now.wall)  # or a pause over the weekend would make a segment late
            return
        begun = self._timeline.position
        pieces = self._timeline.advance(now, longest_ms)
        for piece in pieces:
            self._add(piece)
        credited = [piece for piece in pieces if isinstance(piece, Credit)]
        if credited or begun == self._timeline.position:
            self._count(self._timeline.position, sample, credited)
        else:
            self._rebase()
            self._count(self._timeline.position, sample, [])
        self._follow()
        self.outbox += self.idle.look(now, sample.idle_ms, credited)
        self.seal_ripe(self._timeline.position)

    def pause(self, reason: str) -> None:
        """Stop crediting at the last tick until ``resume``."""
        self.state.paused, self.state.pause_reason = True, reason
        self.idle.release()
        self._session("pause", reason)

    def resume(self, now: Reading, reason: str) -> None:
        """Credit again from here; the pause becomes a gap with *reason*."""
        self.state.paused = False
        self._skip(now, reason)
        self._session("resume")

    def stop(self, reason: str, now: Reading) -> None:
        """End the session at the last tick and give up pending snapshots; a pause until *now* becomes a gap."""
        if self.state.paused:
            self._skip(now, self.state.pause_reason)
        self._end(reason)

    def abandon(self, reason: str, now: Reading) -> None:
        """End a session of an earlier run at its last tick; the time since then is no part of it."""
        for piece in self._timeline.skip(now, reason):
            if isinstance(piece, Step):
                self._add(piece)
        self._end(reason)

    def _end(self, reason: str) -> None:
        self.outbox += self.idle.end()
        for segment in list(self.state.segments):
            self.seal(segment)
        self._session("stop", reason)

    def set_memo(self, memo: str) -> None:
        """Give the open segment and the following ones this memo."""
        self.state.memo = memo
        if self.open is not None:
            self.open.memo = memo

    def take_due(self) -> list[Due]:
        """Return the snapshots that fall due now; each must be answered with ``attach``."""
        if self.open is None or self.state.paused:
            return []
        return self._due.take(self.open, self._timeline.position)

    def next_due_ms(self) -> int | None:
        """Return when the next snapshot falls due, as a position in ms."""
        return None if self.open is None or self.state.paused else self._due.next_ms(self.open)

    def attach(self, slot: int, shot: Shot) -> None:
        """Put a snapshot's outcome to its segment; of several the images are kept together."""
        self._due.ended(slot)
        segment = next((one for one in self.state.segments if one.slot == slot), None)
        if segment is None:  # its time was discarded meanwhile
            self.idle.erased += [image["sha256"] for image in shot.images]
        elif not segment.shot.images:
            segment.shot = shot
        else:
            segment.shot.images += shot.images
        if segment is not None:
            self.idle.sift(segment)
        self.seal_ripe(self._timeline.position)

    def seal_ripe(self, position: int) -> None:
        """Seal the segments whose slot is over at *position* and whose snapshots are in."""
        for segment in list(self.state.segments):
            if self.idle.holds(segment):
                break  # what follows waits too: they are sealed in their order
            over = segment is not self.open or (segment.slot + 1) * SLOT_MS <= position
            if over and not self._due.under_way(segment.slot):
                self.seal(segment)

    def _skip(self, now: Reading, reason: str) -> None:
        for piece in self._timeline.skip(now, reason):
            self._add(piece)

    def _add(self, piece: Credit | Gap | Step) -> None:
        if isinstance(piece, Credit):
            self._segment_for(piece).credit(piece.start, piece.end)
        elif isinstance(piece, Gap):
            self._add_gap(piece)
        else:
            self._draft(entries.Clock, before=piece.before, after=piece.after)

    def _add_gap(self, gap: Gap) -> None:
        self._settle(gap.start)
        values = {"start": gap.start, "end": gap.end, "elapsed": gap.elapsed, "reason": gap.reason}
        if gap.elapsed:
            self._draft(entries.Gap, session=self.state.session, **values)
        if gap.elapsed and self.open is not None and not self.idle.has_image(self.open):
            self.open.due = []  # a new moment is derived for what is left of the slot
        self._rebase()
        self._follow()

    def _recorded(self, slot: int) -> list[tuple[int, int]]:
        """Return what is taken in a slot: what the journal has, and what is on its way there."""
        drafts = [one.values for one in self.outbox if one.type is entries.Segment and one.values["slot"] == slot]
        ours = [one.intervals for one in self.state.segments if one.slot == slot]
        ours += [values["intervals"] for values in drafts]
        base = slot * SLOT_MS
        return [*self._stored(slot), *((base + start, base + end) for pairs in ours for start, end in pairs)]

    def _segment_for(self, credit: Credit) -> OpenSegment:
        slot = credit.start // SLOT_MS
        segment = next((one for one in self.state.segments if one.slot == slot), None)
        if segment is None:
            self.outbox += self._days.commit(slot)
            segment = OpenSegment(
                session=self.state.session, contract=self.state.contract, slot=slot, memo=self.state.memo
            )
            self.state.segments.append(segment)
        elif segment is not self.open:  # the clock was set back into a slot that waits for its snapshot
            self.state.segments.remove(segment)
            self.state.segments.append(segment)
        if not self.idle.has_image(segment) and not segment.due and not self._due.under_way(slot):
            self._due.derive(segment, credit.start)
        return segment

    def _count(self, end: int, sample: Sample, credited: list[Credit]) -> None:
        for name, odometer in self._odometers.items():
            source, total = sample.fields[name]
            measure(self.state.segments, name, odometer.read(end, source, total))
            if isinstance(total, int):
                hear(self.state.segments, name, source[0], [(piece.start, piece.end) for piece in credited])

    def answer(self, answer: str, by: str, label: str = "") -> None:
        """Keep or discard the time that was asked about."""
        self.outbox += self.idle.answer(answer, by, label)
        self.seal_ripe(self._timeline.position)

    def _settle(self, end: int | None = None) -> None:
        """Give up what is in doubt up to *end*, or up to now."""
        for name, odometer in self._odometers.items():
            measure(self.state.segments, name, odometer.settle(self._timeline.position if end is None else end))
        if end is None:
            self._timeline.forget()

    def _rebase(self) -> None:
        for odometer in self._odometers.values():
            odometer.rebase(self._timeline.position)

    def seal(self, segment: OpenSegment, *, deleted: bool = False) -> None:
        """Draft the entry of an unsealed segment, or of one that is deleted with it; what follows is another."""
        self.state.segments.remove(segment)
        self._due.forget(segment.slot)
        end = min((segment.slot + 1) * SLOT_MS, self._timeline.position)
        for name, odometer in self._odometers.items():
            measure([segment], name, odometer.settle(end))
        segment.end()
        self.outbox.append(segment.draft(deleted=deleted))
        self.outbox += self._days.reveal(segment.slot)

    def _follow(self) -> None:
        self.state.last = self._timeline.last
        self.state.position = self._timeline.position
        self.state.slept = self._timeline.slept

    def _session(self, action: str, reason: str = "") -> None:
        self._draft(entries.Session, session=self.state.session, action=action, reason=reason)

    def _draft(self, kind: type[entries.Entry], **values: Any) -> None:
        self.outbox.append(Draft(contract=self.state.contract, type=kind, values=values))
