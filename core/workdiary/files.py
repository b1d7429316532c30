"""Private files that survive a power cut, never through a symbolic link."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from workdiary.system.directory import Directory, write_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def make(directory: Path) -> None:
    """Make one directory, private and durable; its parent has to be there."""
    with Directory(directory.parent, follow=True) as parent:
        _make(parent, directory.name)


def put(path: Path, data: bytes) -> None:
    """Put a whole new file at *path*, whose directory may be behind a link; when it returns, it is on the disk."""
    with Directory(path.parent, follow=True) as parent:
        write(parent, path.name, data)


@contextmanager
def below(root: Path, *parts: str, make: bool = False) -> Iterator[Directory]:
    """Open the directory ``root/parts[0]/...``, each part made if wanted."""
    with ExitStack() as stack:
        directory = stack.enter_context(Directory(root))
        for part in parts:
            if make:
                _make(directory, part)
            directory = stack.enter_context(directory.inner(part))
        yield directory


def write(directory: Directory, name: str, data: bytes) -> None:
    """Put a whole new file in the place of *name*; when it returns, it is on the disk."""
    part = name + ".part"
    remove(directory, part)
    if read(directory, name) != data:
        with directory.create(part) as file:
            write_all(file, data)
            os.fsync(file.fileno())
        directory.rename(part, name)
    directory.sync()  # also if the file was there: a process that was killed may not have come to this line


def read(directory: Directory, name: str) -> bytes | None:
    """Return the file's bytes, None if there is no such file."""
    try:
        with directory.open(name) as file:
            return file.read()
    except FileNotFoundError:
        return None


def remove(directory: Directory, name: str) -> None:
    """Remove the file if it is there."""
    with suppress(FileNotFoundError):
        directory.unlink(name)


def _make(parent: Directory, name: str) -> None:
    with suppress(FileExistsError):
        parent.make(name)
    parent.sync()
