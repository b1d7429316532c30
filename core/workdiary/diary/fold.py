"""The fold: from entries of any number of chains to a log. The order of the chains does not matter."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from workdiary.diary import openings
from workdiary.diary.chain import Chain
from workdiary.diary.minutes import measured, total_ms
from workdiary.diary.model import GapView, Log, Minute, Segment
from workdiary.diary.terms import Since, Terms, in_force
from workdiary.intervals import cover
from workdiary.journal import entry as kinds
from workdiary.slots import SLOT_MS, SLOT_SECONDS, lock_ms, slot_start_ms, week_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workdiary.diary.model import Record

_MANUAL_MINUTES = (Minute(60, None, None, None, None),) * 10
_WHOLE_SLOT = ((0, SLOT_MS),)


def fold(records: Iterable[Record]) -> Log:
    """Return the log of *records*. Entries that edits and tombstones name may be missing; the rest is as written.

    Raises:
        StorageError: an opening or a ``terms`` entry is not in the journal's format.
    """
    chains: dict[tuple[str, str], Chain] = {}
    for record in records:
        key = (record.entry.device, record.entry.contract)
        chains.setdefault(key, Chain()).add(record)
    ordered = [chains[key] for key in sorted(chains)]
    terms = _terms(ordered)
    segments: dict[tuple[str, int], list[Segment]] = defaultdict(list)
    for chain in ordered:
        for record in chain.slots():
            segment = _segment(record, chain, terms.get(record.entry.contract, ()))
            segments[segment.contract, segment.slot].append(segment)
    counted = [segment for together in segments.values() for segment in _count_once(together)]
    return Log(
        segments=tuple(sorted(counted, key=_time_order)),
        gaps=tuple(sorted(_gaps(ordered), key=lambda gap: (gap.start_ms, gap.device, gap.contract, gap.end_ms))),
        terms=terms,
    )


def segment_id(device: str, contract: str, seq: int) -> str:
    """Return the short name of a segment within one person's diary."""
    return f"{device[:4]}-{contract}-{seq}"


def billed_week(slot: int, recorded_at: int) -> int:
    """Return the week whose statement a slot belongs to: its own, or the first that was open when it was recorded."""
    week = week_of(slot)
    if recorded_at < lock_ms(week):
        return week
    recorded = week_of(recorded_at // SLOT_MS)
    return recorded - 1 if recorded_at < lock_ms(recorded - 1) else recorded


def _terms(chains: Sequence[Chain]) -> dict[str, tuple[Since, ...]]:
    written = [entry for chain in chains for entry in chain.entries() if isinstance(entry, kinds.Terms)]
    history: dict[str, list[Since]] = defaultdict(list)
    for entry in sorted(written, key=lambda entry: (entry.at, entry.device, entry.seq)):
        history[entry.contract].append(Since(at=entry.at, terms=Terms.from_entry(entry.terms)))
    return {contract: tuple(sinces) for contract, sinces in history.items()}


def _gaps(chains: Sequence[Chain]) -> Iterable[GapView]:
    for chain in chains:
        for entry in chain.entries():
            if isinstance(entry, kinds.Gap):
                yield GapView(
                    device=entry.device,
                    contract=entry.contract,
                    start_ms=entry.start,
                    end_ms=entry.end,
                    reason=entry.reason,
                )


def _segment(record: Record, chain: Chain, history: Sequence[Since]) -> Segment:
    """Build one segment as its own chain tells it."""
    entry = record.entry
    assert isinstance(entry, kinds.Segment | kinds.Manual)
    terms = in_force(history, slot_start_ms(entry.slot))
    manual = isinstance(entry, kinds.Manual)
    segment = Segment(
        id=segment_id(entry.device, entry.contract, entry.seq),
        device=entry.device,
        contract=entry.contract,
        seq=entry.seq,
        slot=entry.slot,
        source="manual" if manual else "tracked",
        recorded_at=entry.at,
        billed_week=billed_week(entry.slot, entry.at),
        session=entry.session if isinstance(entry, kinds.Segment) else "",
        moments=tuple(entry.moments) if isinstance(entry, kinds.Segment) else (),
        intervals=tuple(entry.intervals) if isinstance(entry, kinds.Segment) else _WHOLE_SLOT,
        void=_void(entry, terms),
    )
    lock = lock_ms(segment.billed_week)
    if chain.is_deleted(segment.seq, lock, keep_time=terms is None or terms.keep_time):
        return segment.having(deleted=True, deleted_seconds=total_ms(segment.intervals) // 1000)
    memo = chain.memo(record, lock)
    if memo is None:
        segment = segment.having(unknown={"memo": "withheld"})
    return _with_manual(segment, memo or "") if manual else _with_values(segment, memo or "", record, chain, lock)


def _void(entry: kinds.Segment | kinds.Manual, terms: Terms | None) -> str:
    """Return why a slot counts for nothing whatever is in it."""
    if terms is not None and terms.type == "fixed":
        return "a fixed-price contract has no time log"
    if terms is not None and terms.status != "active":
        return f"the contract was {terms.status}"
    if isinstance(entry, kinds.Manual):
        if terms is None or not terms.manual:
            return "the contract does not allow manual time"
        if entry.at < slot_start_ms(entry.slot + 1):
            return "manual time cannot lie in the future"
        if entry.at >= lock_ms(week_of(entry.slot)):
            return "manual time was added after the week locked"
    return ""


def _with_manual(segment: Segment, memo: str) -> Segment:
    return segment.having(
        memo=memo,
        tracked_seconds=SLOT_SECONDS,
        minutes=_MANUAL_MINUTES,
        unknown={**segment.unknown, **dict.fromkeys((*openings.COUNTS, "window"), "manual time")},
        snapshot_missing="manual time",
    )


def _with_values(segment: Segment, memo: str, record: Record, chain: Chain, lock: int) -> Segment:
    fields = measured(segment.intervals, openings.counts(record))
    window, no_window = openings.window(record)
    taken, missing = openings.snapshot(record)
    erased = chain.snapshot_erased(segment.seq)
    unknown = {**segment.unknown, **fields.pop("unknown")}
    return segment.having(
        memo=memo,
        **fields,
        window=window,
        unknown={**unknown, "window": no_window} if no_window else unknown,
        snapshot=None if erased else taken,
        snapshot_missing=erased.reason if erased else missing,
        snapshot_counts=erased.at >= lock if erased else taken is not None,
        image_removed=erased is not None,
    )


def _count_once(together: Sequence[Segment]) -> Iterable[Segment]:
    """Mark what several segments of one slot share: the earliest statement, tracked time, the lowest device counts."""
    covered: list[tuple[int, int]] = []
    for segment in sorted(together, key=lambda one: (one.billed_week, one.source != "tracked", one.device, one.seq)):
        if segment.deleted or segment.void:
            yield segment
        elif segment.source == "manual" and covered:
            yield segment.having(void="something is logged in this slot already")
        else:
            fresh = total_ms(segment.intervals) - cover(covered, segment.intervals)
            overlap = segment.tracked_seconds - fresh // 1000
            yield segment.having(overlap_seconds=overlap) if overlap else segment


def _time_order(segment: Segment) -> tuple[int, int, str, int, str]:
    start = segment.intervals[0][0] if segment.intervals else 0
    return (segment.slot, start, segment.device, segment.seq, segment.contract)
