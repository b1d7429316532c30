"""A snapshot policy: none between two hours of the day, and a second unannounced one in whole slots."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from workdiary.config import setting
from workdiary.hooks import hookimpl
from workdiary.payloads import Decision, Verdict

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Occasion, Slot


@dataclass(frozen=True, kw_only=True)
class Config:
    """The table ``[plugins.lunch-break]``."""

    begin: int = setting(12, "First hour without snapshots, local time.")
    end: int = setting(13, "Hour from which they are taken again.")


_config = Config()


@hookimpl
def workdiary_config_type() -> type:
    """Describe ``[plugins.lunch-break]``."""
    return Config


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Take the settings."""
    global _config  # noqa: PLW0603 - a plugin is a module; this is its one piece of state
    _config = context.config


@hookimpl
def workdiary_decide_snapshot(occasion: Occasion) -> Decision | None:
    """Deny in the break; have no opinion otherwise, so that other policies are heard."""
    hour = datetime.fromtimestamp(occasion.wall_ms / 1000).astimezone().hour  # local time
    if _config.begin <= hour < _config.end:
        return Decision(verdict=Verdict.DENY, reason="lunch break")
    return None


@hookimpl
def workdiary_plan_moments(slot: Slot) -> list[int] | None:
    """Add one moment to a slot that is tracked from its beginning."""
    return [secrets.randbelow(600)] if slot.from_offset == 0 else None
