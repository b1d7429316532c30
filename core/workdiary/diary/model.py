"""What the diary is made of. All values are frozen; ``None`` means unknown, with the reason beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from workdiary.diary.terms import Since, Terms
from workdiary.journal.entry import AnyEntry, Moment, canonical
from workdiary.slots import slot_start_ms, week_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

__all__ = [
    "Day",
    "GapView",
    "Image",
    "Line",
    "Log",
    "Minute",
    "Record",
    "Segment",
    "Since",
    "Statement",
    "Taken",
    "Terms",
    "Week",
]


@dataclass(frozen=True, kw_only=True)
class Record:
    """One entry as it is folded. ``openings``: value bytes by field; a missing one was erased or withheld."""

    entry: AnyEntry
    digest: str = ""
    openings: Mapping[str, bytes] = field(default_factory=dict)


class Minute(NamedTuple):
    """One minute of a slot: whole seconds tracked, and what was counted; ``None`` is unknown, never 0."""

    seconds: int
    keys: int | None
    clicks: int | None
    scrolls: int | None
    active_seconds: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """One sealed image, named by the SHA-256 of its encrypted bytes."""

    sha256: str
    width: int
    height: int
    bytes: int
    media_type: str
    taken_at: int  #: ms since 1970
    cause: str
    noticed_at: int | None = None  #: ms since 1970, when its owner was told; None if nobody was
    noticed_by: str = ""  #: the plugin that told
    not_noticed: str = ""  #: why nobody was told


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A snapshot that was taken."""

    taken_at: int  #: ms since 1970
    cause: str
    images: tuple[Image, ...]

    @property
    def noticed_at(self) -> int | None:
        """When its owner was told of the last image, ms since 1970; None if of any nobody was."""
        times = [image.noticed_at for image in self.images]
        return None if None in times else max(time for time in times if time is not None)

    @property
    def noticed_by(self) -> str:
        """The plugin that told of the last image; empty if of any nobody did."""
        return "" if self.not_noticed else self.images[-1].noticed_by

    @property
    def not_noticed(self) -> str:
        """Why nobody was told of an image; empty if somebody was told of all."""
        return next((image.not_noticed for image in self.images if image.noticed_at is None), "")


@dataclass(frozen=True, kw_only=True)
class Segment:
    """What one session recorded in one slot, or one slot of manual time. Deleted ones stay, without values."""

    id: str  #: ``<four digits of the device>-<contract>-<seq>``
    device: str
    contract: str
    seq: int
    slot: int
    source: str  #: tracked, manual
    recorded_at: int  #: ms since 1970
    billed_week: int  #: whose statement it belongs to; a later one than its own if it was recorded after the lock
    session: str = ""
    memo: str = ""
    tracked_seconds: int = 0
    overlap_seconds: int = 0  #: of tracked_seconds: already counted by another segment
    intervals: tuple[tuple[int, int], ...] = ()  #: ms into the slot
    minutes: tuple[Minute, ...] = ()  #: ten; none if deleted
    keys: int | None = None
    clicks: int | None = None
    scrolls: int | None = None
    active_seconds: int | None = None
    activity: int | None = None  #: active minutes, 0..10; None if nothing could be measured
    judged_minutes: int = 0  #: tracked minutes of which it is known whether they were active
    unknown: Mapping[str, str] = field(default_factory=dict)  #: field: reason
    #: field, ``window`` or ``image``: the plugins that told it, and from when to when, in ms into the slot
    sources: Mapping[str, tuple[tuple[str, int, int], ...]] = field(default_factory=dict)
    window: tuple[str, str] | None = None  #: application, title
    snapshot: Taken | None = None
    snapshot_missing: str = ""  #: the reason, where there is no snapshot
    snapshot_counts: bool = False  #: for the bill: it was there when the week locked
    image_removed: bool = False
    deleted: bool = False
    deleted_seconds: int = 0
    void: str = ""  #: why it counts for nothing, though it is shown
    moments: tuple[Moment, ...] = ()
    billable_seconds: int = 0  #: set by ``week``
    over_limit_seconds: int = 0  #: set by ``week``
    fails: tuple[str, ...] = ()  #: set by ``week``: protection rules that it fails, each with its remedy

    def having(self, **values: Any) -> Self:
        """Return a copy with other values: what ``dataclasses.replace`` does, in a fifth of its time."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__, **values)
        return copy

    @property
    def credited_seconds(self) -> int:
        """Seconds that no other segment counts already; 0 if the segment is void or deleted."""
        return 0 if self.void or self.deleted else self.tracked_seconds - self.overlap_seconds

    @property
    def start_ms(self) -> int:
        """When its slot begins."""
        return slot_start_ms(self.slot)

    @property
    def late(self) -> bool:
        """Whether it was recorded after its week locked."""
        return self.billed_week != week_of(self.slot)

    @property
    def protected(self) -> bool:
        """Whether it fails nothing; meaningful in a week."""
        return not self.fails and not self.deleted


@dataclass(frozen=True, kw_only=True)
class GapView:
    """Time within a session that is not credited, and why."""

    device: str
    contract: str
    start_ms: int
    end_ms: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Log:
    """Everything that was folded. Segments are in order of time; terms by contract in order of time."""

    segments: tuple[Segment, ...]
    gaps: tuple[GapView, ...]
    terms: Mapping[str, tuple[Since, ...]]

    def find(self, segment_id: str) -> Segment | None:
        """Return the segment with this id."""
        return next((segment for segment in self.segments if segment.id == segment_id), None)


@dataclass(frozen=True, kw_only=True)
class Line:
    """The billable seconds at one rate."""

    rate: int  #: minor units per hour
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What is billed for a week. Both sides compute the same one from the same log."""

    contract: str
    week: str  #: 2026-W47
    segments: int
    tracked_seconds: int
    manual_seconds: int
    overlap_seconds: int
    over_limit_seconds: int
    deleted_seconds: int
    void_seconds: int
    late_seconds: int  #: billable here, recorded after the lock of an earlier week
    billable_seconds: int
    lines: tuple[Line, ...]
    amount: int  #: minor units
    currency: str
    rules: tuple[str, ...]  #: "billing real-time 1"
    rules_hash: str

    def to_json(self) -> dict[str, Any]:
        """Return the statement as a JSON object of integers and strings."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        lines = [{"rate": line.rate, "seconds": line.seconds} for line in self.lines]
        return {**values, "rules": list(self.rules), "lines": lines}

    def canonical(self) -> bytes:
        """Return the statement's canonical bytes (RFC 8785)."""
        return canonical(self.to_json())


@dataclass(frozen=True, kw_only=True)
class Week:
    """One contract's week, billed and judged."""

    number: int
    contract: str
    terms: Terms | None  #: in force at its end
    limit: int | None  #: weekly limit in seconds at its end
    segments: tuple[Segment, ...]  #: whose slots lie in the week
    carried: tuple[Segment, ...]  #: late ones of earlier weeks that are billed here
    gaps: tuple[GapView, ...]
    statement: Statement


@dataclass(frozen=True, kw_only=True)
class Day:
    """One UTC day of one contract."""

    date: date
    segments: tuple[Segment, ...]
    gaps: tuple[GapView, ...]
