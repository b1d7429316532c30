"""Says when somebody works though nothing is tracked: for a process that runs without a tracker."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from workdiary.payloads import Notice, NoticeKind, Tick, Unknown
from workdiary.slots import slot_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.paths import Home
    from workdiary.payloads import Presence
    from workdiary.plugins.manager import Plugins

MINUTE_MS = 60_000
WORKING_MINUTES = 10  #: so many active minutes in a row make a reminder
QUIET_MINUTES = 60  #: and it is not repeated before so many are over


class Reminder:
    """Feed it once a minute while no tracker runs; ``tracking`` when one does.

    A minute is active when its odometer of active time has grown. What cannot be measured reminds of nothing.
    """

    def __init__(self) -> None:
        self._last: tuple[str, int] | None = None
        self._minutes = 0
        self._quiet_until_ms = 0

    def minute(self, presence: Presence | Unknown, wall_ms: int) -> Notice | None:
        """Take the reading of this minute; return the notice that is due now."""
        if isinstance(presence, Unknown) or isinstance(presence.active_ms, Unknown) or presence.locked is True:
            self._last, self._minutes = None, 0
            return None
        before, self._last = self._last, (presence.since, presence.active_ms)
        if before is None or before[0] != presence.since:
            return None
        self._minutes = self._minutes + 1 if presence.active_ms > before[1] else 0
        if self._minutes < WORKING_MINUTES or wall_ms < self._quiet_until_ms:
            return None
        self._quiet_until_ms = wall_ms + QUIET_MINUTES * MINUTE_MS
        return Notice(
            kind=NoticeKind.NOT_TRACKING,
            wall_ms=wall_ms,
            title="Nothing is being tracked",
            text=f"You have been at work for {self._minutes} minutes. To track it: workdiary start CONTRACT",
        )

    def tracking(self) -> None:
        """Begin anew: a tracker runs."""
        self._last, self._minutes = None, 0


_hosts: dict[str, Plugins] = {}  # one for each home, for as long as the process lives


def while_stopped(home: Home) -> Callable[[], str]:
    """Return what a tray icon asks each minute while nothing is tracked: what to say, or an empty string.

    It returns at once: presence is read on a thread of its own, and told of at the next call.
    """
    reminder, told = Reminder(), [""]

    def read() -> None:
        wall_ms = time.time_ns() // 1_000_000
        tick = Tick(wall_ms=wall_ms, mono_ms=time.monotonic_ns() // 1_000_000, slot=slot_of(wall_ms))
        notice = reminder.minute(_host(home).presence(tick).value, wall_ms)
        told[0] = f"{notice.title}. {notice.text}" if notice else ""

    def ask() -> str:
        text, told[0] = told[0], ""
        threading.Thread(target=read, name="notify-presence", daemon=True).start()
        return text

    return ask


def _host(home: Home) -> Plugins:
    from workdiary import config
    from workdiary.plugins.manager import Plugins

    key = str(home.config_file)
    if key not in _hosts:
        _hosts[key] = Plugins.load(config.load(home.config_file), home)
    return _hosts[key]
