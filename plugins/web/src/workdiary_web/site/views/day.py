"""The day: what was recorded in it."""

from __future__ import annotations

from datetime import date as Date
from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse

from workdiary.errors import UsageError
from workdiary.slots import YEARS
from workdiary_web.site.application import site_of
from workdiary_web.site.page import clock_of, render


def home(_request: Any) -> Any:
    """Go to today's page."""
    return HttpResponseRedirect(reverse("day"))


def today(request: Any) -> Any:
    """Show the day that it is for the viewer."""
    return page(request, clock_of(request).day(site_of(request).wall_ms()))


def show(request: Any, date: str) -> Any:
    """Show a day."""
    return page(request, parse_day(date))


def page(request: Any, when: Date) -> Any:
    """Return the page of a day."""
    return render(request, "day.html", {"date": when}, here="day")


def parse_day(text: str) -> Date:
    """Return the day; UsageError if it is none."""
    try:
        day = Date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in YEARS[1:-1]:
        raise UsageError(f'"{text}" is not a day', remedy="Write it as in 2026-11-23.")
    return day
