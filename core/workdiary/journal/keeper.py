"""Writing the journal when the disk does not play along: full, failing, read-only."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NoReturn

import apsw

from workdiary.errors import StorageError
from workdiary.journal import blobs
from workdiary.journal.store import Journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary.journal.keys import Keys
    from workdiary.journal.store import Draft, Sealed
    from workdiary.paths import Home

#: Kept on the disk so that the record can go on when nothing else fits any more.
BALLAST_BYTES = 8 * 1024 * 1024
#: The ballast is laid down again, and images are taken again, above this.
COMFORT_BYTES = 64 * 1024 * 1024


class Keeper:
    """The journal with its ballast. ``trouble`` says in one sentence what is wrong with the disk, if anything is."""

    def __init__(self, home: Home, keys: Keys, *, vfs: str = "") -> None:
        self._home = home
        self._ballast = home.data / "ballast"
        self.journal = Journal(home.journal, keys, vfs=vfs)
        self.trouble = ""
        self._checkpoint_due = False
        self._lay_ballast()

    def write(self, drafts: Sequence[Draft], *, at_ms: int, state: bytes | None = None) -> list[Sealed]:
        """Append *drafts* and save *state*, durably. StorageError: nothing was written, try again later."""
        try:
            try:
                sealed = self.journal.append(drafts, at_ms=at_ms, open_state=state)
            except apsw.FullError:
                self._release_ballast()
                sealed = self.journal.append(drafts, at_ms=at_ms, open_state=state)
        except apsw.FullError:
            self._fail("the disk is full")
        except (apsw.ReadOnlyError, apsw.CantOpenError):
            self._fail("the disk cannot be written")
        except (apsw.IOError, apsw.CorruptError, apsw.NotADBError) as error:
            sealed = self._after_error(drafts, at_ms, state, error)
        if self.trouble and not self.is_short_of_space:
            self.trouble = ""
        return sealed

    @property
    def is_short_of_space(self) -> bool:
        """The ballast is gone: time is recorded, images are not."""
        return not self._ballast.exists()

    def erase_leftovers(self) -> bool:
        """Unlink erased images and empty the write-ahead log, where erased values still lie; False: not all yet."""
        connection = self.journal.connection
        for (sha256,) in connection.execute("SELECT sha256 FROM unlink").fetchall():
            assert isinstance(sha256, str)  # a STRICT table
            blobs.remove(self._home.blobs, sha256)
            connection.execute("DELETE FROM unlink WHERE sha256 = ?", (sha256,))
        self._checkpoint_due = not self._checkpoint()
        return not self._checkpoint_due

    def care(self) -> None:
        """Once a minute: lay the ballast down again when there is room, finish what a reader held up."""
        if self.is_short_of_space and shutil.disk_usage(self._home.data).free > COMFORT_BYTES:
            self._lay_ballast()
            self.trouble = ""
        if self._checkpoint_due:
            self._checkpoint_due = not self._checkpoint()

    def close(self) -> None:
        """Let go of the file."""
        self.journal.close()

    def _checkpoint(self) -> bool:
        try:
            busy_frames, _ = self.journal.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.BusyError:
            return False
        return busy_frames <= 0

    def _lay_ballast(self) -> None:
        if self._ballast.exists() or shutil.disk_usage(self._home.data).free < 2 * BALLAST_BYTES:
            if not self._ballast.exists():
                self.trouble = "the disk is nearly full: time is recorded, images are not"
            return
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)

    def _release_ballast(self) -> None:
        self.trouble = "the disk is full: time is recorded, images are not"
        self._ballast.unlink(missing_ok=True)
        self._checkpoint()

    def _after_error(self, drafts: Sequence[Draft], at_ms: int, state: bytes | None, error: apsw.Error) -> list[Sealed]:
        """After an I/O error nothing cached can be believed: open anew, look, and write what is missing."""
        before = self.journal.last_number
        try:
            self.journal.reopen()
            if self.journal.connection.pragma("quick_check") != "ok":
                self._fail("the journal is damaged; it is mended at the next start")
            if self.journal.last_number > before:
                return self.journal.sealed_after(before)
            return self.journal.append(drafts, at_ms=at_ms, open_state=state)
        except apsw.Error as again:
            self._fail(f"the disk fails ({type(error).__name__}, then {type(again).__name__})")

    def _fail(self, reason: str) -> NoReturn:
        self.trouble = reason
        raise StorageError(
            reason, remedy="Make room on the disk or check its health; what was recorded is kept in memory."
        )
