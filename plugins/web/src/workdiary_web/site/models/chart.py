"""Counts per minute as bars, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.slots import MINUTE_MS
from workdiary_web.site.models.meter import block

if TYPE_CHECKING:
    from workdiary.diary.model import Segment

COUNTS = ("keys", "clicks", "scrolls")
HEIGHT, WIDTH, STEP = 120, 12, 60
_LEAST = 2  #: a count of 1 beside one of 500 is still seen


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One rectangle of the drawing."""

    x: int
    y: int
    height: int
    kind: str  #: keys, clicks, scrolls, unknown


@dataclass(frozen=True, kw_only=True)
class Line:
    """One minute of the table; ``None`` is unknown."""

    start_ms: int
    seconds: int
    keys: int | None
    clicks: int | None
    scrolls: int | None
    active_seconds: int | None
    block: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The drawing, its scale, and the table."""

    bars: tuple[Bar, ...]
    top: int  #: what the height stands for
    lines: tuple[Line, ...]
    ticks: tuple[tuple[int, int], ...]  #: x, and which minute

    @property
    def unknown(self) -> bool:
        """Whether anything in it is not known."""
        return any(bar.kind == "unknown" for bar in self.bars)


def chart(segment: Segment) -> Chart:
    """Return the minutes of a segment."""
    values = [getattr(minute, name) or 0 for minute in segment.minutes for name in COUNTS]
    top = max([10, *values])
    bars = []
    lines = []
    for index, minute in enumerate(segment.minutes):
        lines.append(
            Line(
                start_ms=segment.start_ms + index * MINUTE_MS,
                seconds=minute.seconds,
                keys=minute.keys,
                clicks=minute.clicks,
                scrolls=minute.scrolls,
                active_seconds=minute.active_seconds,
                block=block(minute),
            )
        )
        for place, name in enumerate(COUNTS):
            value = getattr(minute, name)
            x = index * STEP + 8 + place * (WIDTH + 3)
            if value is None and minute.seconds:
                bars.append(Bar(x=x, y=0, height=HEIGHT, kind="unknown"))
            elif value:
                height = max(_LEAST, value * HEIGHT // top)
                bars.append(Bar(x=x, y=HEIGHT - height, height=height, kind=name))
    ticks = tuple((index * STEP, index) for index in range(len(segment.minutes)))
    return Chart(bars=tuple(bars), top=top, lines=tuple(lines), ticks=ticks)
