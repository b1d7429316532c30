"""Tells when a file appears in a directory, by the kernel's word."""

from __future__ import annotations

import ctypes
import os
import struct
from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError

if TYPE_CHECKING:
    from pathlib import Path

CREATE = 0x100
MOVED_TO = 0x80
DELETE_SELF = 0x400
MOVE_SELF = 0x800
IGNORED = 0x8000
_HEAD = struct.Struct("iIII")


class DirectoryWatch:
    """Watches one directory for new names."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._file = int(self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        if self._file < 0:
            raise WorkdiaryError(
                f"new files cannot be watched: {os.strerror(ctypes.get_errno())}",
                remedy="Raise the limit: sysctl fs.inotify.max_user_instances=512",
            )

    def add(self, directory: Path) -> None:
        """Watch *directory* too; again after it was replaced."""
        mask = CREATE | MOVED_TO | DELETE_SELF | MOVE_SELF
        if self._libc.inotify_add_watch(self._file, os.fsencode(directory), mask) < 0:
            number = ctypes.get_errno()
            raise WorkdiaryError(
                f"{directory}: cannot be watched: {os.strerror(number)}",
                remedy="If there are too many watches: sysctl fs.inotify.max_user_watches=65536",
            )

    def fileno(self) -> int:
        """Return the file to watch: when it is readable, call ``take``."""
        return self._file

    def take(self) -> tuple[set[str], bool]:
        """Return the new names, and whether the directory itself has gone."""
        try:
            data = os.read(self._file, 1 << 16)
        except BlockingIOError:
            return set(), False
        names, gone, at = set(), False, 0
        while at < len(data):
            _, mask, _, length = _HEAD.unpack_from(data, at)
            at += _HEAD.size + length
            names.add(os.fsdecode(data[at - length : at].rstrip(b"\0")))
            gone = gone or bool(mask & (DELETE_SELF | MOVE_SELF | IGNORED))
        return names, gone
