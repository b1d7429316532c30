"""What ``workdiary doctor`` and ``workdiary status`` show of a plugin."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PluginStatus:
    """How one plugin is doing. ``state``: idle, running, resting, not here, left out or disabled."""

    name: str
    distribution: str = ""
    version: str = ""
    hooks: tuple[str, ...] = ()
    state: str = "idle"
    reason: str = ""  #: one sentence; empty when there is nothing to say
    last_reading: float | None = None  #: seconds since the last measurement
    slowest_ms: int = 0
    calls: int = 0
    failures: int = 0
    lane: str = "thread"  #: or "process"
