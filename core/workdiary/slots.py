"""The fixed grid of the diary: slots of 600 s, days and weeks, all in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from workdiary.errors import UsageError

#: What people may type: a week of the last one still locks in a year that there is.
YEARS = range(1970, 9999)
SLOT_MS = 600_000
#: No time that is written lies behind it, and every one up to it can be told as a date.
LAST_MS = (YEARS.stop - 1970) * 31_556_952_000
SLOT_SECONDS = 600
MINUTE_MS = 60_000
SLOTS_PER_DAY = 144
SLOTS_PER_WEEK = 1008
#: 1970-01-05, the first Monday, is slot 4 * 144.
_FIRST_MONDAY_SLOT = 4 * SLOTS_PER_DAY
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: Monday 12:00 UTC after the week.
LOCK_AFTER_WEEK_MS = 12 * 3_600_000


def slot_of(wall_ms: int) -> int:
    """Return the number of the slot that holds *wall_ms*."""
    return wall_ms // SLOT_MS


def slot_start_ms(slot: int) -> int:
    """Return when the slot begins, in ms since 1970."""
    return slot * SLOT_MS


def week_of(slot: int) -> int:
    """Return the number of the week (Monday 00:00 UTC) that holds *slot*; week 0 begins on 1970-01-05."""
    return (slot - _FIRST_MONDAY_SLOT) // SLOTS_PER_WEEK


def week_slots(week: int) -> range:
    """Return the 1,008 slots of a week."""
    first = _FIRST_MONDAY_SLOT + week * SLOTS_PER_WEEK
    return range(first, first + SLOTS_PER_WEEK)


def day_slots(day: date) -> range:
    """Return the 144 slots of a UTC day."""
    first = (day - date(1970, 1, 1)).days * SLOTS_PER_DAY
    return range(first, first + SLOTS_PER_DAY)


def day_of(slot: int) -> date:
    """Return the UTC day of a slot."""
    return date(1970, 1, 1) + timedelta(days=slot // SLOTS_PER_DAY)


def lock_ms(week: int) -> int:
    """Return when the week locks: Monday 12:00 UTC after it."""
    return slot_start_ms(week_slots(week).stop) + LOCK_AFTER_WEEK_MS


def is_locked(slot: int, wall_ms: int) -> bool:
    """Say whether the week of *slot* is locked at *wall_ms*."""
    return wall_ms >= lock_ms(week_of(slot))


def week_name(week: int) -> str:
    """Return the ISO name, such as ``2026-W47``."""
    year, number, _ = day_of(week_slots(week).start).isocalendar()
    return f"{year}-W{number:02d}"


def parse_week(text: str) -> int:
    """Return the number of a week named ``2026-W47``."""
    match = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", text)
    try:
        if match is None or int(match[1]) not in YEARS:
            raise ValueError(text)
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise UsageError(f'"{text}" is not a week', remedy="Write it as in 2026-W47.") from None
    return week_of(day_slots(monday).start)


def iso(wall_ms: int) -> str:
    """Return *wall_ms* as ISO 8601 in UTC, to the second, with a Z."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=wall_ms)
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def spoken(wall_ms: int) -> str:
    """Return *wall_ms* for people, such as ``Tuesday 24 Nov 2026 14:20 UTC``, in every locale the same."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=wall_ms)
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year} {moment:%H:%M} UTC"


def parse_iso(text: str) -> int:
    """Return ms since 1970 of an ISO time; one without an offset is UTC."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.year not in YEARS:
            raise ValueError(text)
    except ValueError:
        raise UsageError(f'"{text}" is not a time', remedy="Write it as in 2026-11-23T14:00Z.") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))
