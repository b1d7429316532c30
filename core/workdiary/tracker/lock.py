"""One tracker per user: whoever holds the lock may write the journal."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Self

from workdiary.errors import WorkdiaryError

if TYPE_CHECKING:
    from pathlib import Path


class AlreadyRunningError(WorkdiaryError):
    """Somebody else holds the lock."""


class Lock:
    """An exclusive lock that ends with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1

    def acquire(self) -> Self:
        """Take the lock; AlreadyRunningError if another process has it."""
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pid = os.read(self._handle, 32).decode(errors="replace").strip()
            os.close(self._handle)
            self._handle = -1
            raise AlreadyRunningError(
                f"a tracker is running already (process {pid or 'unknown'})", remedy="See: workdiary status"
            ) from None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, str(os.getpid()).encode(), 0)
        return self

    def release(self) -> None:
        """Give the lock back; may come twice."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()
