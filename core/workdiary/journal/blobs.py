"""Encrypted images beside the journal, each a file named by the SHA-256 of its bytes.

A blob is durable before the row that names it is written, and is removed after that row is gone.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from workdiary.errors import StorageError
from workdiary.slots import SLOT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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
            os.fsync(directory)
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
        with (
            _directory(root, name) as directory,
            os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory), "rb") as file,
        ):
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
            os.unlink(name, dir_fd=directory)
            os.fsync(directory)
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


def _write_file(name: str, data: bytes, directory: int) -> None:
    part = name + _PART
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(part, flags, 0o600, dir_fd=directory)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
            now = int(time.time())
            os.utime(file.fileno(), (now - now % SLOT_SECONDS,) * 2)
            os.fsync(file.fileno())
        os.rename(part, name, src_dir_fd=directory, dst_dir_fd=directory)
    except BaseException:
        os.unlink(part, dir_fd=directory)
        raise


@contextmanager
def _directory(root: Path, name: str, *, make: bool = False) -> Iterator[int]:
    """Open the directory that holds the blob, never through a link."""
    if not _NAME.fullmatch(name):
        raise StorageError("an image is named by 64 hex digits")
    if make:
        _make(root)
        _make(root / name[:2])
    descriptor = os.open(root / name[:2], os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _make(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        return
    parent = os.open(directory.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
