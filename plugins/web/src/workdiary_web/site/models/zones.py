"""Display zones. All accounting is UTC; a zone only decides how an instant is written and where a day begins."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from workdiary.slots import SLOT_MS, slot_start_ms


@functools.cache
def zone_names() -> tuple[str, ...]:
    """Return the zones that people may choose, in order."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))


def is_zone(name: str) -> bool:
    """Say whether there is a zone of this name."""
    return name == "UTC" or name in zone_names()


def system_zone() -> str:
    """Return the machine's zone by its IANA name, UTC where it has none."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if is_zone(named):
        return named
    try:
        parts = Path("/etc/localtime").resolve().parts
        name = "/".join(parts[parts.index("zoneinfo") + 1 :])
    except (OSError, ValueError):
        return "UTC"
    return name if is_zone(name) else "UTC"


@dataclass(frozen=True)
class Clock:
    """Writes instants in one zone."""

    zone: ZoneInfo
    name: str
    twelve: bool = False

    @classmethod
    def of(cls, name: str, *, twelve: bool = False) -> Clock:
        """Return a clock for the zone of this name."""
        return cls(ZoneInfo(name), name, twelve)

    def at(self, wall_ms: int) -> datetime:
        """Return the instant on this clock."""
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=wall_ms)).astimezone(self.zone)

    def time(self, wall_ms: int, *, seconds: bool = False) -> str:
        """Return the time of day, such as 14:30 or 2:30 pm."""
        moment = self.at(wall_ms)
        tail = f":{moment.second:02d}" if seconds else ""
        if not self.twelve:
            return f"{moment.hour:02d}:{moment.minute:02d}{tail}"
        half = "am" if moment.hour < 12 else "pm"  # noqa: PLR2004 - noon
        return f"{moment.hour % 12 or 12}:{moment.minute:02d}{tail} {half}"

    def offset(self, wall_ms: int) -> str:
        """Return the distance from UTC, such as UTC+05:45."""
        minutes = round(self.at(wall_ms).utcoffset().total_seconds() / 60)  # type: ignore[union-attr]  # it is aware
        sign = "-" if minutes < 0 else "+"
        return "UTC" if not minutes else f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"

    def moment(self, wall_ms: int) -> str:
        """Return day and time, such as Mon 23 Nov 2026, 12:00."""
        return f"{day_label(self.day(wall_ms))}, {self.time(wall_ms)}"

    def day(self, wall_ms: int) -> date:
        """Return the day of an instant."""
        return self.at(wall_ms).date()

    def start_ms(self, day: date) -> int:
        """Return when a day begins; it has 23 or 25 hours where the clocks change."""
        begin = datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)
        return int((begin - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))

    def slots(self, day: date) -> range:
        """Return the slots that begin within a day."""
        return range(-(-self.start_ms(day) // SLOT_MS), -(-self.start_ms(day + timedelta(days=1)) // SLOT_MS))

    def day_of_slot(self, slot: int) -> date:
        """Return the day in which a slot begins."""
        return self.day(slot_start_ms(slot))


def day_label(day: date) -> str:
    """Return a day for people, such as Mon 23 Nov 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"
