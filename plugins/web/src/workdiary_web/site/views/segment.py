"""One segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.slots import week_of
from workdiary_web.site.application import Site, site_of
from workdiary_web.site.models.segment import segment_page
from workdiary_web.site.page import clock_of, render

if TYPE_CHECKING:
    from workdiary.diary.model import Segment, Week


def show(request: Any, segment_id: str) -> Any:
    """Return the page of a segment."""
    site = site_of(request)
    segment, week = find(site, segment_id)
    history = site.book.terms().get(segment.contract, ())
    shown = segment_page(segment, week, history, site.book.delivered(segment_id), site.wall_ms())
    return render(
        request,
        "segment.html",
        {
            "shown": shown,
            "segment": segment,
            "title": history[-1].terms.title if history else segment.contract,
            "date": clock_of(request).day_of_slot(segment.slot),
            "due": site.pending.waiting().get(segment.id),
        },
        here="day",
    )


def find(site: Site, segment_id: str) -> tuple[Segment, Week]:
    """Return a segment and its week; UsageError if there is none of this id."""
    segment = site.book.segment(segment_id)
    return segment, site.book.week(segment.contract, week_of(segment.slot))
