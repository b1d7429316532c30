"""A directory that is worked in, so that nobody can put a link in between."""

from __future__ import annotations

import errno
import os
import sys
import time
from typing import TYPE_CHECKING, BinaryIO, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

if sys.platform == "win32":
    _LINKS = {0xA0000003, 0xA000000C}  #: reparse tags of junctions and symbolic links
    PATIENCE_S = 2.0
    _BINARY = os.O_BINARY | os.O_NOINHERIT

    def _patiently(act: Callable[[], object]) -> None:
        """Do what Windows refuses while somebody reads the file, which nobody does for long."""
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                act()
            except PermissionError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                return

    class Directory:
        """A directory by its path. Only its user and administrators can put links where a profile is."""

        def __init__(self, path: Path, *, follow: bool = False) -> None:
            found = path.lstat()
            if not path.is_dir() or (not follow and found.st_reparse_tag in _LINKS):
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
            self._path = path

        def inner(self, name: str) -> Directory:
            """Open a directory in it."""
            return Directory(self._path / name)

        def make(self, name: str) -> None:
            """Make a directory in it, private."""
            (self._path / name).mkdir(mode=0o700)

        def create(self, name: str) -> BinaryIO:
            """Make a file in it, private, to be written without a buffer; it may not exist."""
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
            return os.fdopen(os.open(self._path / name, flags, 0o600), "wb", buffering=0)

        def open(self, name: str) -> BinaryIO:
            """Open a file in it for reading."""
            if (self._path / name).lstat().st_reparse_tag in _LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name)
            return (self._path / name).open("rb")

        def stamp(self, name: str, seconds: int) -> None:
            """Set the times of a file in it."""
            os.utime(self._path / name, (seconds, seconds))

        def rename(self, old: str, new: str) -> None:
            """Give a file its name, in the place of one that has it."""
            _patiently(lambda: (self._path / old).replace(self._path / new))

        def unlink(self, name: str) -> None:
            """Remove a file."""
            _patiently((self._path / name).unlink)

        def names(self) -> list[str]:
            """Return what lies in it."""
            return [path.name for path in self._path.iterdir()]

        def sync(self) -> None:
            """NTFS writes names to its own journal; there is nothing to ask for."""

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing is held open."""

else:
    _READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    _NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

    class Directory:
        """A directory by its descriptor: whatever is put in the place of its name meanwhile is not entered."""

        def __init__(self, path: Path | str, *, follow: bool = False, within: int | None = None) -> None:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
            self._descriptor = os.open(path, flags if follow else flags | os.O_NOFOLLOW, dir_fd=within)

        def inner(self, name: str) -> Directory:
            """Open a directory in it."""
            return Directory(name, within=self._descriptor)

        def make(self, name: str) -> None:
            """Make a directory in it, private."""
            os.mkdir(name, 0o700, dir_fd=self._descriptor)

        def create(self, name: str) -> BinaryIO:
            """Make a file in it, private, to be written without a buffer; it may not exist."""
            return os.fdopen(os.open(name, _NEW, 0o600, dir_fd=self._descriptor), "wb", buffering=0)

        def open(self, name: str) -> BinaryIO:
            """Open a file in it for reading."""
            return os.fdopen(os.open(name, _READ, dir_fd=self._descriptor), "rb")

        def stamp(self, name: str, seconds: int) -> None:
            """Set the times of a file in it."""
            os.utime(name, (seconds, seconds), dir_fd=self._descriptor, follow_symlinks=False)

        def rename(self, old: str, new: str) -> None:
            """Give a file its name, in the place of one that has it."""
            os.rename(old, new, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

        def unlink(self, name: str) -> None:
            """Remove a file."""
            os.unlink(name, dir_fd=self._descriptor)

        def names(self) -> list[str]:
            """Return what lies in it."""
            return os.listdir(self._descriptor)  # noqa: PTH208  # pathlib knows no descriptors

        def sync(self) -> None:
            """Have what was made, renamed and removed in it survive a power cut."""
            os.fsync(self._descriptor)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            os.close(self._descriptor)


def write_all(file: BinaryIO, data: bytes) -> None:
    """Write to a file without a buffer."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
