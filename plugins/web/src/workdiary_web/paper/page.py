"""The page: its style is inside and known by its hash, there is no script, and nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from workdiary.diary.week import days
from workdiary.slots import SLOTS_PER_DAY, day_of, week_slots
from workdiary_web.paper.images import data_uri

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary.diary.model import GapView, Segment
    from workdiary.exporter import Export

POLICY = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE = Path(__file__).parent / "paper.css"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture of a segment, or why it is not here."""

    uri: str
    missing: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A segment or a gap, in order of time."""

    segment: Segment | None = None
    gap: GapView | None = None
    pictures: Sequence[Picture] = ()


def write_page(export: Export, file: BinaryIO) -> None:
    """Write the page of a week."""
    from workdiary_web.site.settings import configure

    configure()
    from django.template.loader import render_to_string
    from django.utils.safestring import mark_safe

    style = STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    slots = week_slots(export.week.number)
    values = {
        "week": export.week,
        "days": [(day.date, _lines(export, day.segments, day.gaps)) for day in days(export.week)],
        "carried": _lines(export, export.week.carried, ()),
        "first": day_of(slots.start),
        "last": day_of(slots.start + 6 * SLOTS_PER_DAY),
        "proof": export.proof,
        "pictured": export.picture is not None,
        "policy": f"{POLICY}; style-src 'sha256-{digest}'",
        "style": mark_safe(style),  # noqa: S308 - our own file
    }
    file.write(render_to_string("paper/week.html", values).encode())


def _lines(export: Export, segments: Sequence[Segment], gaps: Sequence[GapView]) -> list[Line]:
    lines = [(one.start_ms, Line(segment=one, pictures=_pictures(export, one))) for one in segments]
    lines += [(one.start_ms, Line(gap=one)) for one in gaps]
    return [line for _, line in sorted(lines, key=lambda pair: pair[0])]


def _pictures(export: Export, segment: Segment) -> list[Picture]:
    """Return what the contract lets be seen: a picture that was removed or has expired is in no segment any more."""
    if export.picture is None or segment.snapshot is None or segment.deleted:
        return []
    found = [data_uri(export.picture, image) for image in segment.snapshot.images]
    return [Picture(uri=uri, missing=missing) for uri, missing in found]
