"""One chain while it is folded: its entries by number, and what was edited or erased."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.diary import openings
from workdiary.journal import entry as kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workdiary.diary.model import Record

ERASED_BECAUSE = {"owner": "the image was removed by its owner", "retention": "the image's retention period is over"}


@dataclass(frozen=True)
class Erased:
    """When and why an image was erased."""

    at: int
    why: str

    @property
    def reason(self) -> str:
        """For people."""
        return ERASED_BECAUSE.get(self.why, self.why)


class Chain:
    """The records of one device and contract, in any order, each taken once."""

    def __init__(self) -> None:
        self._records: dict[int, Record] = {}
        self._edits: dict[int, list[int]] = defaultdict(list)
        self._tombstones: dict[int, list[kinds.Tombstone]] = defaultdict(list)

    def add(self, record: Record) -> None:
        """Take one record; the same seq a second time changes nothing."""
        entry = record.entry
        if entry.seq in self._records:
            return
        self._records[entry.seq] = record
        if isinstance(entry, kinds.Edit):
            for seq in entry.of:
                self._edits[seq].append(entry.seq)
        elif isinstance(entry, kinds.Tombstone):
            for seq in entry.of:
                self._tombstones[seq].append(entry)

    def entries(self) -> Iterator[kinds.AnyEntry]:
        """Yield the entries in their order."""
        return (self._records[seq].entry for seq in sorted(self._records))

    def slots(self) -> Iterator[Record]:
        """Yield the segments and the manual time in their order."""
        for seq in sorted(self._records):
            if isinstance(self._records[seq].entry, kinds.Segment | kinds.Manual):
                yield self._records[seq]

    def is_deleted(self, seq: int, lock: int, *, keep_time: bool) -> bool:
        """Say whether the time of an entry was taken away before *lock*.

        :param keep_time: the terms let the owner remove an image and keep its time.
        """
        return any(
            stone.at < lock and ("*" in stone.fields or (stone.why == "owner" and not keep_time))
            for stone in self._tombstones.get(seq, ())
        )

    def snapshot_erased(self, seq: int) -> Erased | None:
        """Return when and why the image was erased first; None if it was not."""
        stones = sorted(self._tombstones.get(seq, ()), key=lambda stone: stone.seq)
        return Erased(stones[0].at, stones[0].why) if stones else None

    def memo(self, record: Record, lock: int) -> str | None:
        """Return the memo as last edited before *lock*; None if it is withheld."""
        for seq in sorted(self._edits.get(record.entry.seq, ()), reverse=True):
            edit = self._records[seq]
            if edit.entry.at < lock:
                return openings.memo(edit)
        return openings.memo(record)
