"""Somebody at the virtual screen who knows exactly what they typed."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workdiary.testing.desktop import VirtualDesktop

#: Lower case without a shift, so that each character is one key press; the line's end is the Return key.
LINES = (
    "nobody sits here, a program types this line\n",
    "workdiary counts the presses and never sees which keys they were\n",
    "the picture that you will find was taken on this virtual screen\n",
)


@dataclass
class Counts:
    """What was done, or what was counted."""

    keys: int = 0
    clicks: int = 0
    scrolls: int = 0

    def __str__(self) -> str:
        return "  ".join(f"{name} {value}" for name, value in asdict(self).items())


class Hand:
    """Types, clicks and scrolls in a window of its own. Use ``turn`` again and again."""

    def __init__(self, desktop: VirtualDesktop) -> None:
        self._desktop = desktop
        self._lines = itertools.cycle(LINES)
        self.done = Counts()
        desktop.open_window("Notes", "Notes")
        window = desktop.open_window("Workdiary demo: a report being written", "Report")
        desktop.xdotool("mousemove", "--window", str(window.id), "100", "100")

    def turn(self) -> None:
        """Type one line, click twice, scroll up once and down once."""
        line = next(self._lines)
        self._desktop.type(line)
        self._desktop.click(1, 2)
        self._desktop.click(4)
        self._desktop.click(5)
        self.done.keys += len(line)
        self.done.clicks += 2
        self.done.scrolls += 2
