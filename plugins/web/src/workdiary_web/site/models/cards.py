"""One segment as a card of the day: its state in words, its picture, its meter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary_web.site.models.meter import Meter, meter
from workdiary_web.site.models.openseg import is_sealed
from workdiary_web.site.models.words import short, span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workdiary.diary.model import Segment


@dataclass(frozen=True)
class Badge:
    """A short text about a card. ``kind`` chooses its look."""

    text: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a cell shows of a segment."""

    id: str
    contract: str
    start_ms: int
    state: str  #: tracked, manual, over, deleted, void; running and held while it is not sealed
    sealed: bool
    badges: tuple[Badge, ...]
    app: str
    title: str
    whole_title: str
    memo: str
    meter: Meter | None
    tracked_seconds: int
    billable_seconds: int
    image: bool
    no_image: str  #: the reason, where there is none
    selectable: bool
    due_ms: int | None  #: when it is going to be erased
    fails: int  #: protection rules


def card(segment: Segment, waiting: Mapping[str, int], *, locked: bool, undecided: str = "") -> Card:
    """Return the card of a segment.

    :param waiting: when which segments are going to be erased.
    :param locked: its week is, so nothing can be changed.
    :param undecided: which part of it waits for an answer, in words.
    """
    app, title = segment.window or ("", "")
    return Card(
        id=segment.id,
        contract=segment.contract,
        start_ms=segment.start_ms,
        state=state_of(segment),
        sealed=is_sealed(segment),
        badges=(*badges(segment), *((Badge(undecided, "late"),) if undecided else ())),
        app=short(app, 40) or _no_window(segment),
        title=short(title),
        whole_title=short(title, 600),
        memo=segment.memo,
        meter=meter(segment),
        tracked_seconds=segment.tracked_seconds,
        billable_seconds=segment.billable_seconds,
        image=segment.snapshot is not None and bool(segment.snapshot.images) and not segment.deleted,
        no_image=_no_image(segment),
        selectable=not segment.deleted and not locked and is_sealed(segment),
        due_ms=waiting.get(segment.id),
        fails=len(segment.fails) if is_sealed(segment) and not segment.deleted else 0,
    )


def state_of(segment: Segment) -> str:
    """Return the one state that decides a card's look; the others are badges."""
    if not is_sealed(segment):
        return "running" if segment.id == "open" else "held"
    if segment.deleted:
        return "deleted"
    if segment.void:
        return "void"
    if segment.over_limit_seconds:
        return "over"
    return segment.source


def badges(segment: Segment) -> list[Badge]:
    """Return everything about a segment that is out of the ordinary, each in words."""
    if segment.deleted:
        return [Badge("deleted", "quiet")]
    found = []
    if segment.source == "manual":
        found.append(Badge("manual", "manual"))
    if segment.void:
        found.append(Badge(f"void: {segment.void}", "bad"))
    if segment.over_limit_seconds:
        part = "over limit" if not segment.billable_seconds else f"{span(segment.over_limit_seconds)} over limit"
        found.append(Badge(part, "over"))
    if segment.late:
        found.append(Badge("late", "late"))
    if segment.overlap_seconds:
        found.append(Badge(f"{span(segment.overlap_seconds)} twice", "quiet"))
    if segment.source == "tracked" and segment.activity is None:
        found.append(Badge("activity unknown", "unknown"))
    return found


def _no_window(segment: Segment) -> str:
    if segment.deleted:
        return ""
    if segment.source == "manual":
        return "Manual time"
    if segment.window is not None:
        return "No active window"
    return "Window unknown"


def _no_image(segment: Segment) -> str:
    if segment.deleted or segment.source == "manual":
        return ""
    if segment.snapshot is not None and segment.snapshot.images:
        return ""
    return segment.snapshot_missing or ("title only" if is_sealed(segment) else "not taken yet")
