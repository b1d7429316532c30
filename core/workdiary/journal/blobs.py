"""Encrypted images beside the journal, each a file named by the SHA-256 of its bytes.

A blob is durable before the row that names it is written, and is removed after that row is gone.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from workdiary.errors import StorageError
from workdiary.slots import SLOT_SECONDS
from workdiary.system.directory import Directory, write_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")
_PART = ".part"


def write(root: Path, data: bytes) -> str:
    """Store *data* under *root* and return its hex SHA-256; when it returns, the file survives a power cut.

    :raises StorageError: it could not be written; nothing of it is left then.
    """
    name = hashlib.sha256(data).hexdigest()
    try:
        with _directory(root, name, make=True) as directory:
            _write_file(name, data, directory)
            directory.sync()
    except OSError as error:
        raise StorageError(
            f"the image could not be stored: {error.strerror}", remedy="Look for free space and permissions."
        ) from error
    return name


def read(root: Path, name: str) -> bytes:
    """Return the blob's bytes.

    :raises StorageError: it is not there, or is not what its name says.
    """
    try:
        with _directory(root, name) as directory, directory.open(name) as file:
            data = file.read()
    except OSError as error:
        raise StorageError(f"the image {name[:12]} cannot be read: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != name:
        raise StorageError(f"the image {name[:12]} is damaged: its bytes have another hash")
    return data


def remove(root: Path, name: str) -> None:
    """Delete the blob for good; one that is not there is no error.

    :raises StorageError: it could not be deleted.
    """
    try:
        with _directory(root, name) as directory:
            directory.unlink(name)
            directory.sync()
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError(f"the image {name[:12]} cannot be deleted: {error.strerror}") from error


def sweep(root: Path, keep: Callable[[str], bool], older_than_s: float) -> int:
    """Delete what a crash left behind: unfinished files, and blobs that *keep* does not know. Return how many.

    :param older_than_s: by the time of the file's last change; a younger one may just be on its way into the journal.
    """
    before = time.time() - older_than_s
    swept = 0
    for path in root.glob("[0-9a-f][0-9a-f]/*"):
        name = path.name.removesuffix(_PART)
        if not _NAME.fullmatch(name) or (path.name == name and keep(name)):
            continue
        with suppress(FileNotFoundError):  # an unfinished file got its name meanwhile
            if path.lstat().st_ctime <= before:  # not st_mtime: that is floored to the slot
                path.unlink()
                swept += 1
    return swept


def _write_file(name: str, data: bytes, directory: Directory) -> None:
    part = name + _PART
    file = directory.create(part)
    try:
        with file:
            write_all(file, data)
            now = int(time.time())
            directory.stamp(part, now - now % SLOT_SECONDS)
            os.fsync(file.fileno())
        directory.rename(part, name)
    except BaseException:
        directory.unlink(part)
        raise


def _directory(root: Path, name: str, *, make: bool = False) -> Directory:
    """Open the directory that holds the blob, never through a link."""
    if not _NAME.fullmatch(name):
        raise StorageError("an image is named by 64 hex digits")
    if make:
        _make(root)
        _make(root / name[:2])
    return Directory(root / name[:2])


def _make(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        return
    with Directory(directory.parent, follow=True) as parent:
        parent.sync()
