"""What the tracker asks about time without input, in the viewer's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workdiary.slots import SLOT_MS, parse_iso, slot_start_ms
from workdiary_web.site.models.words import span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workdiary_web.site.models.zones import Clock

MINUTE_S = 60


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An open question."""

    since: str  #: as the tracker wrote it; no other question has the same
    since_ms: int
    until_ms: int | None  #: None while nobody is back
    seconds: int
    default: str  #: what becomes of the time without an answer: keep, discard

    def words(self, clock: Clock, wall_ms: int) -> str:
        """Return the question on the viewer's clock, with the day if the time began on another one."""
        end = wall_ms if self.until_ms is None else self.until_ms
        same_day = clock.day(self.since_ms) == clock.day(end)
        since = clock.time(self.since_ms) if same_day else clock.moment(self.since_ms)
        if self.until_ms is None:
            return f"Nobody has been at the keyboard since {since}. What is it?"
        long = span(self.seconds - self.seconds % MINUTE_S if self.seconds >= MINUTE_S else self.seconds)
        return f"Nobody was at the keyboard from {since} to {clock.time(self.until_ms)} ({long}). What was it?"

    def undecided(self, slot: int, clock: Clock) -> str:
        """Return which part of a slot waits for the answer; empty: none of it."""
        begin = slot_start_ms(slot)
        since = clock.time(max(begin, self.since_ms))
        if self.since_ms >= begin + SLOT_MS or (self.until_ms is not None and self.until_ms <= begin):
            return ""
        if self.until_ms is None:
            return f"undecided since {since}"
        return f"undecided from {since} to {clock.time(min(self.until_ms, begin + SLOT_MS))}"


def asked(idle: Mapping[str, Any] | None) -> Asked | None:
    """Return what ``status --json`` has as ``idle``."""
    if idle is None:
        return None
    return Asked(
        since=idle["since"],
        since_ms=parse_iso(idle["since"]),
        until_ms=parse_iso(idle["until"]) if idle["until"] else None,
        seconds=idle["seconds"],
        default=idle["default"],
    )
