"""One tracker per user: whoever holds the lock may write the journal."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING, Self

from workdiary.errors import StorageError, WorkdiaryError
from workdiary.system.locking import try_lock

if TYPE_CHECKING:
    from workdiary.paths import Home

#: A tracker that is told to stop gives its backends two seconds, a change gives them three.
PATIENCE_S = 6.0


class AlreadyRunningError(WorkdiaryError):
    """Somebody else holds the lock."""


class Lock:
    """An exclusive lock that ends with the process, however it ends."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._handle = -1

    def acquire(self) -> Self:
        """Take the lock; AlreadyRunningError if another process has it, StorageError if it cannot be taken at all.

        A holder without a socket is ending, beginning, or carries out one change: it is waited for, for a while.
        """
        until = time.monotonic() + PATIENCE_S
        try:
            self._handle = os.open(self._home.lock, os.O_RDWR | os.O_CREAT, 0o600)
            while not try_lock(self._handle):
                if self._home.socket.exists() or time.monotonic() > until:
                    raise self._taken()
                time.sleep(0.02)
        except OSError as error:
            self.release()
            raise StorageError(
                f"{self._home.lock}: cannot be locked: {error.strerror}", remedy="Check the disk and its permissions."
            ) from error
        with contextlib.suppress(OSError):  # a full disk; the number is for people only
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, str(os.getpid()).encode())
        return self

    def _taken(self) -> AlreadyRunningError:
        os.lseek(self._handle, 0, os.SEEK_SET)
        pid = os.read(self._handle, 32).decode(errors="replace").strip()
        self.release()
        return AlreadyRunningError(
            f"a tracker is running already (process {pid or 'unknown'})", remedy="See: workdiary status"
        )

    def release(self) -> None:
        """Give the lock back; may come twice."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
