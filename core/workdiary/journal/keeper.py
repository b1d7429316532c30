"""Writing the journal when the disk does not play along: full, failing, read-only."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

import apsw

from workdiary.errors import StorageError
from workdiary.journal import blobs
from workdiary.journal.store import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workdiary.journal.keys import Keys
    from workdiary.journal.store import Draft, Sealed
    from workdiary.paths import Home

#: Kept on the disk so that the record can go on when nothing else fits any more.
BALLAST_BYTES = 8 * 1024 * 1024
#: The ballast is laid down again, and images are taken again, above this.
COMFORT_BYTES = 64 * 1024 * 1024
#: An image that nothing names after this long never will be named.
ORPHAN_S = 3600
#: What SQLite says on a full disk: data, the index of the write-ahead log, or a new file does not fit.
_NO_ROOM = (apsw.FullError, apsw.IOError, apsw.CantOpenError)


class Keeper:
    """The journal with its ballast. ``trouble`` says in one sentence what is wrong with the disk, if anything is."""

    def __init__(self, home: Home, keys: Keys, *, vfs: str = "") -> None:
        """Open the journal; StorageError if that cannot be done now."""
        self._home = home
        self._ballast = home.data / "ballast"
        self.trouble = ""
        self._erase_due = False
        try:
            try:
                self.journal = Journal(home.journal, keys, vfs=vfs)
            except _NO_ROOM:
                self._release_ballast()
                self.journal = Journal(home.journal, keys, vfs=vfs)
        except apsw.Error as error:
            self._fail(error)
        self._lay_ballast()

    def write(
        self, drafts: Sequence[Draft], *, at_ms: int, state: bytes | None = None, unlink: Sequence[str] = ()
    ) -> list[Sealed]:
        """Append *drafts*, save *state*, and note images for ``erase_leftovers``, durably.

        StorageError: nothing was written, try again later.
        """

        def append() -> list[Sealed]:
            return self.journal.append(drafts, at_ms=at_ms, open_state=state, unlink=unlink)

        try:
            sealed = append()
        except apsw.Error as error:
            sealed = self._write_again(append, error)
        if self.trouble and not self.is_short_of_space:
            self.trouble = ""
        return sealed

    @property
    def is_short_of_space(self) -> bool:
        """The ballast is gone: time is recorded, images are not."""
        return not self._ballast.exists()

    def erase_leftovers(self) -> bool:
        """Unlink erased images and empty the write-ahead log, where erased values still lie.

        False: a reader or the disk is in the way; ``care`` goes on with it.
        """
        connection = self.journal.connection
        self._erase_due = True
        with suppress(apsw.Error, StorageError):
            for (sha256,) in connection.execute("SELECT sha256 FROM unlink").fetchall():
                assert isinstance(sha256, str)  # a STRICT table
                blobs.remove(self._home.blobs, sha256)
                connection.execute("DELETE FROM unlink WHERE sha256 = ?", (sha256,))
            self._erase_due = not self._checkpoint()
        return not self._erase_due

    def care(self) -> None:
        """Once a minute: lay the ballast down again when there is room, finish what was in the way of erasing."""
        if self.is_short_of_space and self._free_bytes() > COMFORT_BYTES:
            self._lay_ballast()
        if self._erase_due:
            self.erase_leftovers()

    def sweep(self, older_than_s: float = ORPHAN_S) -> int:
        """Delete the images that a crash kept from ever being named, and return how many."""
        state = self.journal.saved_state()

        def is_named(sha256: str) -> bool:
            row = self.journal.connection.execute("SELECT 1 FROM image WHERE sha256 = ?", (sha256,)).fetchone()
            return row is not None or sha256.encode() in state

        with suppress(OSError, apsw.Error):
            return blobs.sweep(self._home.blobs, is_named, older_than_s)
        return 0

    def close(self) -> None:
        """Let go of the file."""
        self.journal.close()

    def _checkpoint(self) -> bool:
        try:
            busy_frames, _ = self.journal.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.Error:
            return False
        return busy_frames <= 0

    def _free_bytes(self) -> int:
        try:
            return shutil.disk_usage(self._home.data).free
        except OSError:
            return 0

    def _lay_ballast(self) -> None:
        if self._ballast.exists():
            return
        self.trouble = "the disk is nearly full: time is recorded, images are not"
        if self._free_bytes() < 2 * BALLAST_BYTES:
            return
        try:
            with self._ballast.open("wb") as file:
                from workdiary.system.limits import claim  # its ``resource`` costs the tracker nothing until then

                claim(file.fileno(), BALLAST_BYTES)
            self.trouble = ""
        except OSError:
            self._drop_ballast()

    def _release_ballast(self) -> None:
        self.trouble = "the disk is full: time is recorded, images are not"
        self._drop_ballast()

    def _drop_ballast(self) -> None:
        with suppress(OSError):
            self._ballast.unlink(missing_ok=True)

    def _write_again(self, append: Callable[[], list[Sealed]], error: apsw.Error) -> list[Sealed]:
        """Make room, or take a new connection: after an I/O error nothing in the old one can be believed."""
        before = self.journal.last_number
        if isinstance(error, _NO_ROOM):
            self._release_ballast()
        try:
            if isinstance(error, apsw.FullError):
                self._checkpoint()
            else:
                self.journal.reopen()
                if self.journal.connection.pragma("quick_check") != "ok":
                    self._fail(apsw.CorruptError())
            if self.journal.last_number > before:
                return self.journal.sealed_after(before)
            return append()
        except apsw.Error as again:
            self._fail(again)

    def _fail(self, error: apsw.Error) -> NoReturn:
        self.trouble = _in_words(error)
        raise StorageError(
            self.trouble, remedy="Make room on the disk or check its health; what was recorded is kept in memory."
        ) from error


def _in_words(error: apsw.Error) -> str:
    match error:
        case apsw.FullError():
            return "the disk is full"
        case apsw.ReadOnlyError() | apsw.CantOpenError():
            return "the disk cannot be written"
        case apsw.BusyError():
            return "another program holds the journal"
        case apsw.CorruptError() | apsw.NotADBError():
            return "the journal is damaged; it is mended at the next start"
        case _:
            return f"the disk fails ({type(error).__name__})"
