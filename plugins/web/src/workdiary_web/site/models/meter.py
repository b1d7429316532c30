"""The ten blocks of a segment: what is known of each minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.diary.minutes import is_active

if TYPE_CHECKING:
    from workdiary.diary.model import Minute, Segment

ACTIVE, STILL, NOT_TRACKED, UNKNOWN = "active", "still", "off", "unknown"
_WORDS = {ACTIVE: "active", STILL: "tracked, not active", NOT_TRACKED: "not tracked", UNKNOWN: "unknown"}


@dataclass(frozen=True)
class Meter:
    """Ten blocks and their sum in words."""

    blocks: tuple[str, ...]
    words: str


def block(minute: Minute) -> str:
    """Return what is known of one minute."""
    if not minute.seconds:
        return NOT_TRACKED
    active = is_active(minute.keys, minute.clicks, minute.scrolls, minute.active_seconds)
    return UNKNOWN if active is None else ACTIVE if active else STILL


def meter(segment: Segment) -> Meter | None:
    """Return the meter of a tracked segment; None where there is nothing to measure."""
    if segment.deleted or segment.source == "manual":
        return None
    blocks = tuple(block(minute) for minute in segment.minutes)
    counted = [(kind, blocks.count(kind)) for kind in (ACTIVE, STILL, NOT_TRACKED, UNKNOWN)]
    parts = [f"{number} {_WORDS[kind]}" for kind, number in counted if number]
    return Meter(blocks=blocks, words=f"Minutes: {', '.join(parts)}")
