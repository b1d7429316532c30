"""The timeline of a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from workdiary.payloads import Period
from workdiary.slots import slot_start_ms
from workdiary_web.site.application import site_of
from workdiary_web.site.models.openseg import unsealed
from workdiary_web.site.models.timeline import timeline
from workdiary_web.site.page import clock_of, render, status_of
from workdiary_web.site.views.day import parse_day, weeks


def today(request: Any) -> Any:
    """Show the day that it is for the viewer."""
    return page(request, clock_of(request).day(site_of(request).wall_ms()))


def show(request: Any, date: str) -> Any:
    """Show a day."""
    return page(request, parse_day(date))


def page(request: Any, when: dt.date) -> Any:
    """Return the timeline of a day."""
    site, clock = site_of(request), clock_of(request)
    slots = clock.slots(when)
    found = weeks(site.book, slots, sorted(site.book.terms()))
    segments = [one for week in found for one in week.segments if one.slot in slots]
    segments += [one for one in unsealed(status_of(request)) if one.slot in slots]
    day = Period(start_ms=clock.start_ms(when), end_ms=clock.start_ms(when + dt.timedelta(days=1)))
    end = slot_start_ms(slots.stop)
    gaps = {gap for week in found for gap in week.gaps if gap.start_ms < end and gap.end_ms > day.start_ms}
    ordered = sorted(gaps, key=lambda gap: gap.start_ms)
    return render(
        request,
        "timeline.html",
        {
            "date": when,
            "before": when - dt.timedelta(days=1),
            "after": when + dt.timedelta(days=1),
            "is_today": when == clock.day(site.wall_ms()),
            "shown": timeline(segments, ordered, site.lanes(day), clock, (day.start_ms, day.end_ms)),
            "zone_offset": clock.offset(day.start_ms + 12 * 3_600_000),
        },
        here="timeline",
    )
