"""Says when somebody works though nothing is tracked: for a process that runs without a tracker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.payloads import Notice, NoticeKind, Unknown

if TYPE_CHECKING:
    from workdiary.payloads import Presence

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
