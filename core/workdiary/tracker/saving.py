"""Writes the session down, and bridges a disk in trouble in memory for as long as that can be answered for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import StorageError
from workdiary.payloads import EventKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.clock import Reading
    from workdiary.journal.keeper import Keeper
    from workdiary.journal.store import Draft
    from workdiary.record.recorder import Recorder

#: What cannot be stored for this long is not billed: tracking stops.
MEMORY_MS = 600_000


class Saving:
    """Appends what is new and saves the open segment, in one transaction."""

    def __init__(self, keeper: Keeper, tell: Callable[[EventKind, str], None]) -> None:
        self._keeper = keeper
        self._tell = tell
        self._unsaved_since: int | None = None

    def write(self, recorder: Recorder, now: Reading, *, final: bool) -> list[Draft]:
        """Return what was appended: nothing while the disk is in trouble. StorageError: it has been for too long."""
        try:
            state = b"" if final else recorder.saved()
            self._keeper.write(recorder.outbox, at_ms=now.wall, state=state, unlink=recorder.idle.erased)
        except StorageError as error:
            self._keep_in_memory(now, error, final=final)
            return []
        news, self._unsaved_since = list(recorder.outbox), None
        recorder.outbox.clear()
        if recorder.idle.has_cut or recorder.idle.erased:
            recorder.idle.has_cut = False
            recorder.idle.erased.clear()
            self._keeper.erase_leftovers()
        return news

    def _keep_in_memory(self, now: Reading, error: StorageError, *, final: bool) -> None:
        if self._unsaved_since is None:
            self._unsaved_since = now.mono
            self._tell(EventKind.STORAGE_TROUBLE, error.message)
        if final or now.mono - self._unsaved_since > MEMORY_MS:
            raise StorageError(
                f"{error.message}: tracking has stopped, because what cannot be stored cannot be billed",
                remedy=error.remedy,
            ) from error
