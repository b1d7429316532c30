"""A disk that loses what was not synced: an APSW VFS that knows, for each file, what is safe and what is not yet.

After a power cut there is of each file what was synced and, of the rest, nothing, all, a beginning, or any part, torn
inside sectors. Making and deleting a file counts as safe at once: directories are not modelled.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import apsw

if TYPE_CHECKING:
    import random

SECTOR = 512


class Disk:
    """The files of one crash VFS: what is safe, and the operations that are not."""

    def __init__(self) -> None:
        self.safe: dict[str, bytearray] = {}
        self.pending: dict[str, list[tuple[int, bytes | None]]] = {}  #: (offset, data); None truncates to the offset
        self.on_change = lambda: None

    def sync(self, path: str) -> None:
        image = self.safe.setdefault(path, bytearray())
        for operation in self.pending.pop(path, ()):
            _apply(image, *operation)

    def survivors(self, rng: random.Random) -> dict[str, bytes]:
        """Return what one power cut at this moment may leave, by path."""
        found = {}
        for path in self.safe.keys() | self.pending.keys():
            image = bytearray(self.safe.get(path, b""))
            for operation in _some(list(self.pending.get(path, ())), rng):
                _apply(image, *operation)
            found[path] = bytes(image)
        return found


def _apply(image: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del image[offset:]
        return
    image.extend(bytes(max(0, offset + len(data) - len(image))))
    image[offset : offset + len(data)] = data


def _some(operations: list[tuple[int, bytes | None]], rng: random.Random) -> list[tuple[int, bytes | None]]:
    way = rng.choice(("none", "all", "beginning", "any", "shuffled"))
    if way == "none":
        return []
    if way == "all":
        return operations
    sectors = [piece for offset, data in operations for piece in _sectors(offset, data)]
    if way == "beginning":
        kept = sectors[: rng.randint(0, len(sectors))]
    else:
        kept = [one for one in sectors if rng.random() < 0.5]
    if way == "shuffled":
        rng.shuffle(kept)
    if kept and kept[-1][1]:  # the last one was being written
        offset, data = kept[-1]
        kept[-1] = (offset, data[: rng.randint(0, len(data))])
    return kept


def _sectors(offset: int, data: bytes | None) -> list[tuple[int, bytes | None]]:
    if data is None:
        return [(offset, None)]
    return [(offset + at, data[at : at + SECTOR]) for at in range(0, len(data), SECTOR)]


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self._disk = disk
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  # SQLite's name
        super().xWrite(data, offset)
        self._disk.pending.setdefault(self._path, []).append((offset, bytes(data)))
        self._disk.on_change()

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self._disk.pending.setdefault(self._path, []).append((size, None))
        self._disk.on_change()

    def xSync(self, _flags: int) -> None:  # noqa: N802
        self._disk.on_change()  # the power may go just before
        self._disk.sync(self._path)
        self._disk.on_change()


class CrashVFS(apsw.VFS):
    """Registered under *name* while it lives."""

    def __init__(self, name: str, disk: Disk) -> None:
        self._disk = disk
        super().__init__(name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> _File:  # noqa: N802
        return _File(self._disk, name, flags)

    def xDelete(self, path: str, _sync: bool) -> None:  # noqa: FBT001, N802
        super().xDelete(path, False)
        self._disk.safe.pop(path, None)
        self._disk.pending.pop(path, None)
        self._disk.on_change()


def lay_down(files: dict[str, bytes], directory: Path) -> None:
    """Write what survived into *directory*, in the place of what is there."""
    for old in directory.iterdir():
        old.unlink()
    for path, data in files.items():
        (directory / Path(path).name).write_bytes(data)
