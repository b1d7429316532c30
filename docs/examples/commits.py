"""A lane of the timeline: when you committed what, from a local Git repository."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.config import setting
from workdiary.hooks import hookimpl
from workdiary.payloads import Lane, Span

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Period

SHOWN_MS = 300_000


@dataclass(frozen=True, kw_only=True)
class Config:
    """The table ``[plugins.commits]``."""

    repository: str = setting(".", "The working tree whose commits are shown.")


_config = Config()


@hookimpl
def workdiary_config_type() -> type:
    """Describe ``[plugins.commits]``."""
    return Config


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Take the settings."""
    global _config  # noqa: PLW0603 - a plugin is a module; this is its one piece of state
    _config = context.config


@hookimpl
def workdiary_lanes(day: Period) -> list[Lane]:
    """Return the commits of the day, each as five minutes."""
    command = ["git", "-C", _config.repository, "log", "--format=%ct %s"]
    text = subprocess.run(command, capture_output=True, check=True, timeout=2, encoding="utf-8").stdout
    spans = [_span(line) for line in text.splitlines()]
    return [Lane(name="commits", spans=tuple(one for one in spans if day.start_ms <= one.start_ms < day.end_ms))]


def _span(line: str) -> Span:
    seconds, _, subject = line.partition(" ")
    start = int(seconds) * 1000
    return Span(start_ms=start, end_ms=start + SHOWN_MS, text=subject or "no message")
