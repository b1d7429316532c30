"""Private files that survive a power cut, never through a symbolic link."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def make(directory: Path) -> None:
    """Make one directory, private and durable; its parent has to be there."""
    with _parent_of(directory) as parent:
        _make(parent, directory.name)


def put(path: Path, data: bytes) -> None:
    """Put a whole new file at *path*, whose directory may be behind a link; when it returns, it is on the disk."""
    with _parent_of(path) as parent:
        write(parent, path.name, data)


@contextmanager
def below(root: Path, *parts: str, make: bool = False) -> Iterator[int]:
    """Open the directory ``root/parts[0]/...``, each part made if wanted."""
    directory = os.open(root, DIRECTORY)
    try:
        for part in parts:
            if make:
                _make(directory, part)
            inner = os.open(part, DIRECTORY, dir_fd=directory)
            os.close(directory)
            directory = inner
        yield directory
    finally:
        os.close(directory)


def write(directory: int, name: str, data: bytes) -> None:
    """Put a whole new file in the place of *name*; when it returns, it is on the disk."""
    part = name + ".part"
    remove(directory, part)
    if read(directory, name) != data:
        with os.fdopen(os.open(part, NEW_FILE, 0o600, dir_fd=directory), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(part, name, src_dir_fd=directory, dst_dir_fd=directory)
    os.fsync(directory)  # also if the file was there: a process that was killed may not have come to this line


def read(directory: int, name: str) -> bytes | None:
    """Return the file's bytes, None if there is no such file."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read()


def remove(directory: int, name: str) -> None:
    """Remove the file if it is there."""
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=directory)


def names(directory: int) -> list[str]:
    """Return what lies in the directory."""
    return os.listdir(directory)


def sync(directory: int) -> None:
    """Make removals durable."""
    os.fsync(directory)


@contextmanager
def _parent_of(path: Path) -> Iterator[int]:
    parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield parent
    finally:
        os.close(parent)


def _make(parent: int, name: str) -> None:
    with suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=parent)
    os.fsync(parent)
