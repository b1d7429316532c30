"""The segments that are not in the journal yet, from what the tracker says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.diary.model import Image, Minute, Segment, Taken
from workdiary.intervals import union
from workdiary.slots import MINUTE_MS, parse_iso, slot_of, slot_start_ms, week_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_COUNTS = ("keys", "clicks", "scrolls", "activity")


def unsealed(status: Mapping[str, Any]) -> list[Segment]:
    """Return what ``status --json`` has: held segments, and the open one as the last; its id is ``open``."""
    views = (*status["held_segments"], status["open_segment"])
    return [_segment(view) for view in views if view is not None]


def is_sealed(segment: Segment) -> bool:
    """Say whether a segment is in the journal."""
    return bool(segment.device)


def _segment(view: Mapping[str, Any]) -> Segment:
    slot = slot_of(parse_iso(view["slot"]))
    window, shot = view["window"], view["snapshot"]
    return Segment(
        id=view["id"],
        device="",
        contract=view["contract"],
        seq=0,
        slot=slot,
        source="tracked",
        recorded_at=0,
        billed_week=week_of(slot),
        memo=view["memo"],
        tracked_seconds=view["tracked_seconds"],
        intervals=_intervals(view["minutes"]),
        minutes=tuple(Minute(**minute) for minute in view["minutes"]),
        **{field: view[field] for field in _COUNTS},
        unknown=view["unknown"],
        sources={field: tuple(_span(slot, **one) for one in spans) for field, spans in view["sources"].items()},
        window=(window["app"], window["title"]) if window else None,
        snapshot=None if "missing" in shot else _taken(shot),
        snapshot_missing=shot.get("missing", ""),
    )


def _span(slot: int, **span: str) -> tuple[str, int, int]:
    start = slot_start_ms(slot)
    return span["plugin"], parse_iso(span["from"]) - start, parse_iso(span["to"]) - start


def _intervals(minutes: Sequence[Mapping[str, int]]) -> tuple[tuple[int, int], ...]:
    """Return about when it was tracked: each minute's seconds, from its beginning."""
    spans = [(index * MINUTE_MS, index * MINUTE_MS + one["seconds"] * 1000) for index, one in enumerate(minutes)]
    return tuple(union((start, end) for start, end in spans if start < end))


def _taken(shot: Mapping[str, Any]) -> Taken:
    at = parse_iso(shot["taken_at"])
    images = [Image(**image, media_type="image/jpeg", taken_at=at, cause="derived") for image in shot["images"]]
    return Taken(taken_at=at, cause="derived", images=tuple(images))
