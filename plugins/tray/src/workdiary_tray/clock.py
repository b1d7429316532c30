"""The running time: counted here, so that the tracker is not asked each minute."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from workdiary_tray.loop import Loop, Timer

MINUTE_S = 60
DAY_S = 86_400


class OnMinute(Protocol):
    """Gets the times when the minute that is shown changes."""

    def __call__(self, today_s: int, week_s: int, *, new_day: bool) -> None:
        """Show them; on a new day the tracker has to be asked."""


class RunningTime:
    """Goes on from what the tracker has said, with one wake-up a minute while time runs and none while it does not."""

    def __init__(self, loop: Loop, on_minute: OnMinute) -> None:
        self._loop = loop
        self._on_minute = on_minute
        self._timer: Timer | None = None
        self._base = (0, 0)
        self._since = 0.0
        self._day = 0

    def set(self, today_s: int | None, week_s: int | None, *, runs: bool) -> None:
        """Take what was measured; nothing is counted on from what is not known."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if runs and today_s is not None and week_s is not None:
            self._base = (today_s, week_s)
            self._since = time.monotonic()  # it stands still while the machine sleeps, as the credited time does
            self._day = int(time.time()) // DAY_S
            self._plan(today_s)

    def _plan(self, today_s: float) -> None:
        self._timer = self._loop.later(MINUTE_S - today_s % MINUTE_S + 0.05, self._tick)

    def _tick(self) -> None:
        passed = time.monotonic() - self._since
        self._plan(self._base[0] + passed)
        today_s, week_s = (int(base + passed) for base in self._base)
        self._on_minute(today_s, week_s, new_day=int(time.time()) // DAY_S != self._day)
