"""Segments and diaries as JSON, the same for every face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.slots import iso

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workdiary.diary.model import GapView, Segment

_COUNTS = ("keys", "clicks", "scrolls")


def segment_json(segment: Segment) -> dict[str, Any]:
    """Return one segment. A deleted one has the same keys, null where a value was, and ``deleted: true``."""
    view: dict[str, Any] = {
        "id": segment.id,
        "slot": iso(segment.start_ms),
        "contract": segment.contract,
        "memo": segment.memo,
        "source": segment.source,
        "tracked_seconds": segment.tracked_seconds,
        "billable_seconds": segment.billable_seconds,
        "activity": segment.activity,
        **{field: getattr(segment, field) for field in _COUNTS},
        "minutes": [_minute(segment, index) for index in range(len(segment.minutes))],
        "unknown": dict(segment.unknown),
        "sources": {field: [_span(segment, *span) for span in spans] for field, spans in segment.sources.items()},
        "window": {"app": segment.window[0], "title": segment.window[1]} if segment.window else None,
        "snapshot": _snapshot(segment),
        "protected": segment.protected,
        "fails": list(segment.fails),
    }
    if segment.deleted:
        nothing = ("memo", "tracked_seconds", "billable_seconds", "activity", *_COUNTS, "minutes", "snapshot")
        view |= dict.fromkeys(nothing) | {"deleted": True}
    return view


def _span(segment: Segment, plugin: str, start: int, end: int) -> dict[str, str]:
    return {"plugin": plugin, "from": iso(segment.start_ms + start), "to": iso(segment.start_ms + end)}


def diary_json(segments: Iterable[Segment], gaps: Iterable[GapView]) -> dict[str, Any]:
    """Return a diary: its segments, gaps and totals."""
    segments = list(segments)
    return {
        "segments": [segment_json(segment) for segment in segments],
        "gaps": [{"from": iso(gap.start_ms), "to": iso(gap.end_ms), "reason": gap.reason} for gap in gaps],
        "totals": totals(segments),
    }


def totals(segments: Iterable[Segment]) -> dict[str, int | None]:
    """Return the sums of segments; a count is null when it is unknown in any of them."""
    shown = [segment for segment in segments if not segment.deleted]
    tracked = [segment for segment in shown if segment.source == "tracked"]
    return {
        "segments": len(shown),
        "tracked_seconds": sum(segment.tracked_seconds for segment in tracked),
        "manual_seconds": sum(segment.tracked_seconds for segment in shown if segment.source == "manual"),
        "overlap_seconds": sum(segment.overlap_seconds for segment in shown),
        "over_limit_seconds": sum(segment.over_limit_seconds for segment in shown),
        "billable_seconds": sum(segment.billable_seconds for segment in shown),
        **{field: _sum(getattr(segment, field) for segment in tracked) for field in _COUNTS},
    }


def _sum(values: Iterable[int | None]) -> int | None:
    total = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def _minute(segment: Segment, index: int) -> dict[str, int | None]:
    minute = segment.minutes[index]
    return {
        "seconds": minute.seconds,
        "keys": minute.keys,
        "clicks": minute.clicks,
        "scrolls": minute.scrolls,
        "active_seconds": minute.active_seconds,
    }


def _snapshot(segment: Segment) -> dict[str, Any]:
    taken = segment.snapshot
    if taken is None:
        return {"missing": segment.snapshot_missing}
    images = [
        {"sha256": image.sha256, "width": image.width, "height": image.height, "bytes": image.bytes}
        for image in taken.images
    ]
    return {
        "taken_at": iso(taken.taken_at),
        "noticed_at": None if taken.noticed_at is None else iso(taken.noticed_at),
        "noticed_by": taken.noticed_by,
        "not_noticed": taken.not_noticed,
        "images": images,
    }
