"""The day: what was recorded in it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse

from workdiary.errors import UsageError
from workdiary.slots import YEARS, lock_ms, week_name, week_of
from workdiary_web.site.application import site_of
from workdiary_web.site.models.calendar import month, shown_slots
from workdiary_web.site.models.day import day_page, weeks_of
from workdiary_web.site.models.idle import asked
from workdiary_web.site.models.openseg import unsealed
from workdiary_web.site.page import clock_of, render, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workdiary.desk.book import Book
    from workdiary.diary.model import Week


def home(_request: Any) -> Any:
    """Go to today's page."""
    return HttpResponseRedirect(reverse("day"))


def today(request: Any) -> Any:
    """Show the day that it is for the viewer."""
    return page(request, clock_of(request).day(site_of(request).wall_ms()))


def show(request: Any, date: str) -> Any:
    """Show a day."""
    return page(request, parse_day(date))


def page(request: Any, when: dt.date) -> Any:
    """Return the page of a day."""
    site, clock = site_of(request), clock_of(request)
    now = site.wall_ms()
    only = request.GET.get("contract", "")
    terms = site.book.terms()
    status = status_of(request)
    slots = clock.slots(when)
    shown = day_page(
        when,
        weeks(site.book, slots, [only] if only else sorted(terms)),
        clock=clock,
        wall_ms=now,
        waiting=site.pending.waiting(),
        unsealed=[one for one in unsealed(status) if only in {"", one.contract}],
        idle=asked(status["idle"]),
    )
    present = clock.day(now)
    return render(
        request,
        "day.html",
        {
            "day": shown,
            "only": only,
            "query": "?" + urlencode({"contract": only}) if only else "",
            "zone_offset": clock.offset(clock.start_ms(when) + 12 * 3_600_000),
            "contracts": {name: history[-1].terms.title for name, history in sorted(terms.items())},
            "segment_root": reverse("segment", args=["-"])[:-1],  # asked for once, not for every card
            "day_root": reverse("day-of", args=["-"])[:-1],
            "before": when - dt.timedelta(days=1),
            "after": when + dt.timedelta(days=1),
            "is_today": when == present,
            "is_open": when <= present and now < lock_ms(week_of(slots[len(slots) // 2])),  # to manual time
            "month": month(when, present, site.book.logged(shown_slots(when, clock)), clock),
            "week": week_name(week_of(slots[len(slots) // 2])),
        },
        here="day",
    )


def weeks(book: Book, slots: range, contracts: Iterable[str]) -> Sequence[Week]:
    """Return the weeks of *contracts* that share time with *slots*."""
    return [book.week(contract, number) for contract in contracts for number in weeks_of(slots)]


def parse_day(text: str) -> dt.date:
    """Return the day; UsageError if it is none."""
    try:
        day = dt.date.fromisoformat(text)
        if day.year not in YEARS[1:-1]:
            raise ValueError(text)
    except ValueError:
        raise UsageError(f'"{text}" is not a day', remedy="Write it as in 2026-11-23.") from None
    return day
