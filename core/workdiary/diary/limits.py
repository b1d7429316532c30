"""The weekly limit: a raise counts at once, a cut from the next Monday 00:00 UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.diary.terms import in_force
from workdiary.slots import slot_start_ms, week_slots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary.diary.terms import Since


def limit_at(history: Sequence[Since], week: int, wall_ms: int) -> int | None:
    """Return the limit in seconds that holds in *week* at *wall_ms*; None if there is none."""
    monday = slot_start_ms(week_slots(week).start)
    first = in_force(history, monday)
    limits = [first.weekly_limit if first else None]
    limits += [since.terms.weekly_limit for since in history if monday < since.at <= wall_ms]
    return None if None in limits else max(limit for limit in limits if limit is not None)


def split(seconds: int, billed: int, limit: int | None) -> tuple[int, int]:
    """Return what of *seconds* is still within the limit after *billed* seconds, and what is over it."""
    within = seconds if limit is None else min(seconds, max(limit - billed, 0))
    return within, seconds - within
