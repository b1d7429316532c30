"""What the tracker does now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workdiary_web.site.models.idle import asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workdiary_web.site.models.idle import Asked


@dataclass(frozen=True, kw_only=True)
class Running:
    """The head of every page."""

    state: str  #: tracking, paused, stopped
    contract: str
    memo: str
    today_seconds: int
    week_seconds: int
    trouble: str
    idle: Asked | None
    segment: Mapping[str, Any] | None  #: the open segment, as ``status --json`` has it


def running(status: Mapping[str, Any]) -> Running:
    """Return what ``status`` says."""
    return Running(
        state=status["state"],
        contract=status["contract"] or "",
        memo=status["memo"] or "",
        today_seconds=status["today_seconds"],
        week_seconds=status["week_seconds"],
        trouble=status["trouble"],
        idle=asked(status["idle"]),
        segment=status["open_segment"],
    )
