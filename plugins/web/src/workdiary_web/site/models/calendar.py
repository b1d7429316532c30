"""The small calendar of a month: which days have entries."""

from __future__ import annotations

import calendar
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from workdiary_web.site.models.zones import Clock


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """One day of the grid."""

    date: date
    marked: bool  #: it has entries
    selected: bool
    today: bool
    other: bool  #: of the month before or after


@dataclass(frozen=True, kw_only=True)
class Month:
    """Whole weeks from Monday to Sunday around a month."""

    label: str
    weeks: tuple[tuple[CalendarDay, ...], ...]
    before: date
    after: date


def shown_days(day: date) -> list[list[date]]:
    """Return the weeks of the month of *day*."""
    return calendar.Calendar().monthdatescalendar(day.year, day.month)


def shown_slots(day: date, clock: Clock) -> range:
    """Return the slots of the weeks of the month of *day*."""
    weeks = shown_days(day)
    return range(clock.slots(weeks[0][0]).start, clock.slots(weeks[-1][-1]).stop)


def month(day: date, today: date, logged: Collection[int], clock: Clock) -> Month:
    """Return the month of *day*."""
    found = sorted(logged)

    def is_marked(one: date) -> bool:
        slots = clock.slots(one)
        return bisect_left(found, slots.start) < bisect_left(found, slots.stop)

    weeks = tuple(
        tuple(
            CalendarDay(
                date=one, marked=is_marked(one), selected=one == day, today=one == today, other=one.month != day.month
            )
            for one in week
        )
        for week in shown_days(day)
    )
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return Month(label=f"{day:%B %Y}", weeks=weeks, before=(first - timedelta(days=1)).replace(day=1), after=after)
