"""One tray per user: a file that it holds locked."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOCK = "tray.lock"  #: its name in the runtime directory


class Lock:
    """A lock that ends with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)

    def acquire(self) -> str:
        """Take the lock; return "" or the number of the process that has it."""
        if not _try(self._handle):
            return os.pread(self._handle, 32, 0).decode(errors="replace").strip() or "unknown"
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, str(os.getpid()).encode(), 0)
        return ""


def is_locked(path: Path) -> bool:
    """Whether a tray holds the lock; nothing is made for it."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _try(handle)
    finally:
        os.close(handle)


def _try(handle: int) -> bool:
    if sys.platform == "win32":
        return True  # the tray of Windows is not run; two icons do no harm
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
