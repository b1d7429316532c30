"""What works on this desktop: a reading of every field, with who tells it and how long that takes."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from workdiary.clock import system_clock
from workdiary.payloads import Cause, Occasion, Tick, Unknown
from workdiary.plugins.answer import Answer
from workdiary.slots import slot_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.plugins.manager import Plugins

READS = 5


@dataclass(frozen=True, kw_only=True)
class Look:
    """Every field at one instant; ``asleep_ms`` is a total of this start of the machine."""

    keys: Any
    clicks: Any
    scrolls: Any
    window: Any
    active_ms: Any
    idle_ms: Any
    locked: Any
    asleep_ms: int


def look(plugins: Plugins) -> Look:
    """Ask every source once."""
    now = system_clock()
    tick = _tick()
    counts, present = plugins.count_input(tick).value, plugins.presence(tick)
    return Look(
        keys=counts if isinstance(counts, Unknown) else counts.keys,
        clicks=counts if isinstance(counts, Unknown) else counts.clicks,
        scrolls=counts if isinstance(counts, Unknown) else counts.scrolls,
        window=plugins.capture_window(tick).value,
        active_ms=present.active_ms.value,
        idle_ms=present.idle_ms.value,
        locked=present.locked.value,
        asleep_ms=now.boot - now.mono,
    )


def readings(plugins: Plugins) -> dict[str, dict[str, Any]]:
    """Return of each field who tells it, or why nobody does, and how long the answer takes (median, ms)."""
    plugins.settle(_tick())
    occasion = Occasion(cause=Cause.PREVIEW, wall_ms=_tick().wall_ms, contract="")
    ask: dict[str, Callable[[], Answer[Any]]] = {
        **{name: partial(_count, plugins, name) for name in ("keys", "clicks", "scrolls")},
        "window": lambda: plugins.capture_window(_tick()),
        "active time": lambda: plugins.presence(_tick()).active_ms,
        "idle time": lambda: plugins.presence(_tick()).idle_ms,
        "lock": lambda: plugins.presence(_tick()).locked,
        "places of windows": lambda: plugins.survey_screen(occasion),
    }
    return {name: _reading(one) for name, one in ask.items()}


def _reading(ask: Callable[[], Answer[Any]]) -> dict[str, Any]:
    took = []
    answer = ask()
    for _ in range(READS):
        began = time.perf_counter()
        answer = ask()
        took.append((time.perf_counter() - began) * 1000)
    unknown = answer.value.reason if isinstance(answer.value, Unknown) else None
    return {"source": answer.plugin or None, "unknown": unknown, "read_ms": round(statistics.median(took), 2)}


def _count(plugins: Plugins, name: str) -> Answer[int]:
    counted = plugins.count_input(_tick())
    value = counted.value if isinstance(counted.value, Unknown) else getattr(counted.value, name)
    return Answer(plugin="" if isinstance(value, Unknown) else counted.plugin, value=value)


def _tick() -> Tick:
    now = system_clock()
    return Tick(wall_ms=now.wall, mono_ms=now.mono, slot=slot_of(now.wall))
