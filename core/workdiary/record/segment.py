"""The open segment: what one session has recorded so far in one slot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from workdiary.journal.entry import Moment, Segment
from workdiary.journal.store import Draft
from workdiary.payloads import Unknown
from workdiary.slots import MINUTE_MS, SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workdiary.record.meter import Measured

FIELDS = ("keys", "clicks", "scrolls", "active_seconds")
NO_MOMENT = "tracking ended before the moment"
NOT_FINISHED = "the moment came, but the snapshot was not finished"


class Shot(msgspec.Struct, kw_only=True):
    """The outcome of the slot's snapshots so far. All of it has passed the privacy filters."""

    images: list[dict[str, Any]] = []  #: each with its own ``taken_at`` and ``cause``
    missing: str = NO_MOMENT
    window: dict[str, str] = msgspec.field(default_factory=lambda: {"unknown": NO_MOMENT})


class OpenSegment(msgspec.Struct, kw_only=True):
    """Mutable, and saved as one row, so that kill -9 costs at most a second."""

    session: str
    contract: str
    slot: int
    memo: str
    intervals: list[tuple[int, int]] = []  #: ms into the slot
    moments: list[Moment] = []
    due: list[tuple[int, str]] = []  #: (second of the slot, cause) of snapshots not yet begun
    minutes: list[list[int | None]] = msgspec.field(default_factory=lambda: [[0, 0, 0, 0] for _ in range(10)])
    unknown: dict[str, str] = {}
    shot: Shot = msgspec.field(default_factory=Shot)

    @property
    def tracked_ms(self) -> int:
        """The credited time in ms."""
        return sum(end - start for start, end in self.intervals)

    def credit(self, start: int, end: int) -> None:
        """Add ``[start, end)``, in ms since 1970, which lies within the slot."""
        start, end = start - self.slot * SLOT_MS, end - self.slot * SLOT_MS
        if self.intervals and self.intervals[-1][1] == start:
            self.intervals[-1] = (self.intervals[-1][0], end)
        else:
            self.intervals.append((start, end))
            self.intervals.sort()

    def measure(self, field: str, minute: int, value: int | Unknown) -> None:
        """Add to one minute's count (``active_seconds`` in ms until it is sealed); unknown is for good."""
        index, column = minute - self.slot * SLOT_MS // MINUTE_MS, FIELDS.index(field)
        so_far = self.minutes[index][column]
        if isinstance(value, Unknown):
            self.minutes[index][column] = None
            self.unknown[field] = value.reason
        elif so_far is not None:
            self.minutes[index][column] = so_far + value

    def end(self) -> None:
        """Give up the snapshot that is still missing though its moment lay in tracked time."""
        came = any(start <= one.at * 1000 < end for one in self.moments for start, end in self.intervals)
        if came and self.shot.missing == NO_MOMENT:
            self.shot = Shot(missing=NOT_FINISHED, window={"unknown": NOT_FINISHED})

    def counts(self) -> dict[str, Any]:
        """Return the value of the ``counts`` opening."""
        return {
            "minutes": [[keys, clicks, scrolls, _seconds(active)] for keys, clicks, scrolls, active in self.minutes],
            "unknown": self.unknown,
        }

    def snapshot(self) -> dict[str, Any]:
        """Return the value of the ``snapshot`` opening."""
        images = sorted(self.shot.images, key=lambda image: (image["cause"] != "derived", image["taken_at"]))
        if not images:
            return {"missing": self.shot.missing}
        return {"taken_at": images[0]["taken_at"], "cause": images[0]["cause"], "images": images}

    def draft(self) -> Draft:
        """Return the entry that it becomes."""
        return Draft(
            contract=self.contract,
            type=Segment,
            values={
                "session": self.session,
                "slot": self.slot,
                "intervals": self.intervals,
                "moments": self.moments,
            },
            openings={
                "window": self.shot.window,
                "counts": self.counts(),
                "memo": self.memo,
                "snapshot": self.snapshot(),
            },
            images=tuple(image["sha256"] for image in self.shot.images),
        )


def measure(segments: Iterable[OpenSegment], field: str, measured: Iterable[Measured]) -> None:
    """Give each measurement to the segment that holds its minute."""
    for one in measured:
        for segment in segments:
            if segment.slot == one.minute * MINUTE_MS // SLOT_MS:
                segment.measure(field, one.minute, one.value)


def _seconds(active_ms: int | None) -> int | None:
    """Round up: a minute in which anything happened has an active second."""
    return None if active_ms is None else min(60, -(-active_ms // 1000))
