"""The seam for "you work and nothing is tracked": a function of another plugin, asked once a minute while stopped.

A distribution that wants it has an entry point in the group ``workdiary.tray`` named ``while_stopped``: a function that
takes the ``Home`` and returns one that takes nothing, is called each minute in the tray's own thread, must return
within a few milliseconds, and returns what to say, or "". It is made anew for each time that nothing is tracked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.paths import Home
    from workdiary_tray.loop import Loop, Timer

    Ask = Callable[[], str]

GROUP = "workdiary.tray"
NAME = "while_stopped"
MINUTE_S = 60.0


class Reminder:
    """Asks while nothing is tracked; while a tracker runs nothing is loaded and nothing wakes up."""

    def __init__(self, home: Home, loop: Loop, say: Callable[[str], None]) -> None:
        self._home = home
        self._loop = loop
        self._say = say
        self._timer: Timer | None = None
        self._asks: list[Ask] | None = None

    def begin(self) -> None:
        """Nothing is tracked from now on."""
        self.rest()
        self._timer = self._loop.later(MINUTE_S, self._turn)

    def rest(self) -> None:
        """Something is tracked."""
        self._asks = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _turn(self) -> None:
        if self._asks is None:
            self._asks = [make(self._home) for make in _found()]
        for ask in list(self._asks):
            try:
                text = ask()
            except Exception as error:  # a stranger's fault must not end the tray; it is not asked again
                self._asks.remove(ask)
                text = f"a reminder does not work ({type(error).__name__})"
            if text:
                self._say(text)
        if self._asks:
            self._timer = self._loop.later(MINUTE_S, self._turn)


def _found() -> list[Callable[[Home], Ask]]:
    from importlib.metadata import entry_points

    return [one.load() for one in entry_points(group=GROUP, name=NAME)]
