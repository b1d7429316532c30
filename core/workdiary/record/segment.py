"""The open segment: what one session has recorded so far in one slot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from workdiary.journal.entry import Moment, Segment
from workdiary.journal.store import Draft
from workdiary.payloads import Unknown
from workdiary.slots import MINUTE_MS, SLOT_MS, SLOT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workdiary.record.meter import Measured

FIELDS = ("keys", "clicks", "scrolls", "active_seconds")
NO_MOMENT = "tracking ended before the moment"
#: The recorder's clock may run ahead of the wall clock by so much; the verifier grants as much.
SLACK_MS = 2_000
SECOND_MS = 1_000
DISCARDED = "the time that it was taken in was discarded"
NOT_FINISHED = "the moment came, but the snapshot was not finished"


class Shot(msgspec.Struct, kw_only=True):
    """The outcome of the slot's snapshots so far. All of it has passed the privacy filters."""

    images: list[dict[str, Any]] = []  #: each with its own ``taken_at`` and ``cause``
    missing: str = NO_MOMENT
    window: dict[str, str] = msgspec.field(default_factory=lambda: {"unknown": NO_MOMENT})
    taken_at: int = 0  #: ms since 1970, also where no image came of it
    sources: dict[str, str] = {}  #: ``window``, ``image``: the plugin that it came from


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
    heard: dict[str, list[tuple[str, int, int]]] = {}  #: field: plugin, and from when to when (ms into the slot)
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

    def shared(self, pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return what of the *pieces*, in ms since 1970, is credited here."""
        base = self.slot * SLOT_MS
        pairs = [(base + a, base + b, start, end) for a, b in self.intervals for start, end in pieces]
        return [(max(a, start), min(b, end)) for a, b, start, end in pairs if max(a, start) < min(b, end)]

    def cut(self, pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Take the *pieces* out, with what was counted in minutes of which nothing is left; return what was there."""
        gone, base = self.shared(pieces), self.slot * SLOT_MS
        for start, end in gone:
            rests = [rest for a, b in self.intervals for rest in ((a, min(b, start - base)), (max(a, end - base), b))]
            self.intervals = [(a, b) for a, b in rests if a < b]
        for index, row in enumerate(self.minutes) if gone else ():
            first, last = index * MINUTE_MS, (index + 1) * MINUTE_MS
            left = sum(max(0, min(b, last) - max(a, first)) for a, b in self.intervals)
            active = row[FIELDS.index("active_seconds")]
            self.minutes[index] = [*row[:-1], None if active is None else min(active, left)] if left else [0, 0, 0, 0]
        self.unknown = {
            field: reason
            for field, reason in self.unknown.items()
            if any(row[FIELDS.index(field)] is None for row in self.minutes)
        }
        return gone

    def part(self, offset: int) -> bool:
        """Make two intervals of the one that runs over *offset*, in ms into the slot; False: there is none."""
        for index, (start, end) in enumerate(self.intervals):
            if start < offset < end:
                self.intervals[index : index + 1] = [(start, offset), (offset, end)]
                return True
        return False

    def has_image_beside(self, pieces: Iterable[tuple[int, int]]) -> bool:
        """Say whether there is an image that was not taken in the *pieces*."""
        return any(not _within(image["taken_at"], pieces) for image in self.shot.images)

    def sift(self, pieces: Sequence[tuple[int, int]]) -> list[str]:
        """Drop the images that were taken in the *pieces*, or whose moment belongs to no credited time any more.

        Returns their names. The window goes with the image that it was read for.
        """
        starts = [start for start, _ in self.intervals]
        own = [
            one.at for one in self.moments if any(abs(one.start * SECOND_MS - start) <= SECOND_MS for start in starts)
        ]
        earliest = self.slot * SLOT_MS + min(own, default=2 * SLOT_SECONDS) * SECOND_MS - SLACK_MS
        kept: list[dict[str, Any]] = []
        dropped: list[dict[str, Any]] = []
        for image in self.shot.images:
            is_bare = image["cause"] == "derived" and image["taken_at"] < earliest
            (dropped if is_bare or _within(image["taken_at"], pieces) else kept).append(image)
        taken_at = self.shot.taken_at
        if self.shot.images and not kept:
            self.shot.missing = DISCARDED
        if (self.shot.images[0] in dropped) if self.shot.images else (taken_at and _within(taken_at, pieces)):
            self.shot.window = {"unknown": DISCARDED}
        self.shot.images = kept
        return [image["sha256"] for image in dropped]

    def measure(self, field: str, minute: int, value: int | Unknown) -> None:
        """Add to one minute's count (``active_seconds`` in ms until it is sealed); unknown is for good."""
        index, column = minute - self.slot * SLOT_MS // MINUTE_MS, FIELDS.index(field)
        so_far = self.minutes[index][column]
        if isinstance(value, Unknown):
            self.minutes[index][column] = None
            self.unknown[field] = value.reason
        elif so_far is not None:
            self.minutes[index][column] = so_far + value

    def hear(self, field: str, plugin: str, start: int, end: int) -> None:
        """Note that a plugin's reading covers ``[start, end)``, in ms since 1970, which lies within the slot."""
        start, end = start - self.slot * SLOT_MS, end - self.slot * SLOT_MS
        spans = self.heard.setdefault(field, [])
        if spans and spans[-1][0] == plugin:
            spans[-1] = (plugin, spans[-1][1], end)
        else:
            spans.append((plugin, start, end))

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
            "sources": self._sources(),
        }

    def _sources(self) -> dict[str, list[tuple[str, int, int]]]:
        """Return who told each field, and of which time; nothing of time that was taken out at an end."""
        first, last = min((a for a, _ in self.intervals), default=0), max((b for _, b in self.intervals), default=0)
        clipped = {
            field: [(plugin, max(a, first), min(b, last)) for plugin, a, b in spans if a < last and b > first]
            for field, spans in self.heard.items()
        }
        at = min(max(self.shot.taken_at - self.slot * SLOT_MS, 0), SLOT_MS)
        known = {"window": "unknown" not in self.shot.window, "image": bool(self.shot.images)}
        shot = {name: [(plugin, at, at)] for name, plugin in self.shot.sources.items() if known[name]}
        return {**{field: spans for field, spans in clipped.items() if spans}, **shot}

    def snapshot(self) -> dict[str, Any]:
        """Return the value of the ``snapshot`` opening."""
        images = sorted(self.shot.images, key=lambda image: (image["cause"] != "derived", image["taken_at"]))
        if not images:
            return {"missing": self.shot.missing}
        return {"taken_at": images[0]["taken_at"], "cause": images[0]["cause"], "images": images}

    def draft(self, *, deleted: bool = False) -> Draft:
        """Return the entry that it becomes; *deleted*: it is deleted with it."""
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
            deleted=deleted,
        )


def measure(segments: Iterable[OpenSegment], field: str, measured: Iterable[Measured]) -> None:
    """Give each measurement to the segment that holds its minute."""
    for one in measured:
        for segment in segments:
            if segment.slot == one.minute * MINUTE_MS // SLOT_MS:
                segment.measure(field, one.minute, one.value)


def hear(segments: Iterable[OpenSegment], field: str, plugin: str, pieces: Iterable[tuple[int, int]]) -> None:
    """Note in the segments that hold the *pieces* that a plugin's reading covers them."""
    for start, end in pieces:
        for segment in segments:
            if segment.slot == start // SLOT_MS:
                segment.hear(field, plugin, start, end)


def _within(at: int, pieces: Iterable[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in pieces)


def _seconds(active_ms: int | None) -> int | None:
    """Round up: a minute in which anything happened has an active second."""
    return None if active_ms is None else min(60, -(-active_ms // 1000))
