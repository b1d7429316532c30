"""The reminder "you work and nothing is tracked": looked at once a minute, and only while nothing is tracked.

What it takes to be reminded, and how often, is the business of ``workdiary-notify``; without it nothing is loaded here
and nothing wakes up.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from workdiary.payloads import Presence, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_notify.reminder import Reminder as Judge
    from workdiary_tray.loop import Loop, Timer

MINUTE_S = 60.0
MINUTE_MS = 60_000


class Reminder:
    """Feeds the judge; ``idle_ms`` gives the time since the last input, or None where it cannot be known."""

    def __init__(self, loop: Loop, idle_ms: Callable[[], int | None], say: Callable[[str], None]) -> None:
        self._loop = loop
        self._idle_ms = idle_ms
        self._say = say
        self._timer: Timer | None = None
        self._judge: Judge | None = None
        self._active_ms = 0

    def begin(self) -> None:
        """Nothing is tracked from now on."""
        self.rest()
        self._timer = self._loop.later(MINUTE_S, self._turn)

    def rest(self) -> None:
        """Something is tracked."""
        if self._judge is not None:
            self._judge.tracking()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _turn(self) -> None:
        """Look whether anybody has worked in this minute."""
        idle = self._idle_ms()
        if idle is None:
            return  # there is no display that tells it; that does not change within a session
        if self._judge is None:
            self._judge = _load()
            if self._judge is None:
                return
        self._timer = self._loop.later(MINUTE_S, self._turn)
        if idle < MINUTE_MS:
            self._active_ms += MINUTE_MS
        presence = Presence(
            since="tray", active_ms=self._active_ms, idle_ms=idle, locked=Unknown(reason="the tray does not look")
        )
        notice = self._judge.minute(presence, int(time.time() * 1000))
        if notice is not None:
            self._say(f"{notice.title}. {notice.text}")


def _load() -> Judge | None:
    try:
        from workdiary_notify.reminder import Reminder as Judge
    except ImportError:
        return None
    return Judge()
