"""The ``directory`` uploader: ``<contract>/<day>/<time>-<seq>-<digest>.json``, pictures beside it.

An entry that comes twice changes nothing, and a power cut leaves the old file or the new one.
``docs/reference/directory-layout.md`` is the specification.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from workdiary import files
from workdiary.builtin import page
from workdiary.uploader import Item, Rejected, Stored, TransientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from workdiary.system.directory import Directory

ENDINGS = {"image/jpeg": "jpg", "image/webp": "webp", "image/png": "png"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
PAGE = re.compile(r"\d{4}-(\d{6,})-[0-9a-f]{8}\.json")
WHY = {
    errno.ENOENT: "it is not there: mount its disk, or make it again",
    errno.ENOTDIR: "a file or a symbolic link lies where a folder should be",
    errno.ELOOP: "a symbolic link lies where a file should be",
    errno.ENOSPC: "its disk is full",
    getattr(errno, "EDQUOT", -1): "its disk is full (your quota)",
}


class Folder:
    """An uploader whose backend is a directory."""

    name = "directory"

    def __init__(self, root: Path, state: Path) -> None:
        self._root = root
        self._made = state / "made"  #: holds the path of a root that was there once

    def deliver(self, items: Sequence[Item]) -> list[Stored | Rejected]:
        """Write each item, and what a tombstone says; what did not fit comes again."""
        answers: list[Stored | Rejected] = []
        try:
            self._open_root()
            for item in items:
                answers.append(self._store(item))  # noqa: PERF401  # those before a failure count
        except OSError as error:
            if not answers:
                why = WHY.get(error.errno or 0, error.strerror)
                raise TransientError(f"the folder cannot be written: {why}") from error
        return answers

    def close(self) -> None:
        """Nothing is held open."""

    def _open_root(self) -> None:
        """Make the root the first time only: later its absence means that a disk is not mounted."""
        known = self._made.read_text(encoding="utf-8") if self._made.exists() else ""
        if known == str(self._root):
            return
        files.make(self._root)
        self._made.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with files.below(self._made.parent) as state:
            files.write(state, self._made.name, str(self._root).encode())

    def _store(self, item: Item) -> Stored | Rejected:
        try:
            place, stem = page.place_of(item)
        except (ValueError, KeyError, TypeError):
            return Rejected(number=item.number, reason="the entry names no contract and time")
        name = f"{stem}.json"
        with files.below(self._root, *place, make=True) as directory:
            old = page.parse(files.read(directory, name))
            pictures = {} if page.is_erased(old, "snapshot") else self._pictures(item, stem)
            for picture, data in pictures.items():
                files.write(directory, picture, data)
            files.write(directory, name, page.render(page.merge(old, item, pictures)))
            if item.erases:
                self._erase(item)
            kept = page.parse(files.read(directory, name))
        body = base64.b64decode(kept["signed"]["body"]) if kept else b""
        return Stored(number=item.number, digest=hashlib.sha256(body).digest())

    @staticmethod
    def _pictures(item: Item, stem: str) -> dict[str, bytes]:
        return {f"{stem}-{one.sha256[:8]}.{ENDINGS.get(one.media_type, 'bin')}": one.open() for one in item.images}

    def _erase(self, item: Item) -> None:
        """Take values and pictures of the named entries away; what was signed stays."""
        device, contract = item.chain.split("/", 1)
        wanted: dict[int, set[str]] = {}
        for seq, field in item.erases:
            wanted.setdefault(seq, set()).add(field)
        for place in self._places(contract):
            with files.below(self._root, *place) as directory:
                names = directory.names()
                for name in names:
                    match = PAGE.fullmatch(name)
                    if match and int(match[1]) in wanted:
                        self._erase_page(directory, names, name, device, wanted[int(match[1])])

    @staticmethod
    def _erase_page(directory: Directory, names: Sequence[str], name: str, device: str, fields: set[str]) -> None:
        document = page.parse(files.read(directory, name))
        if document is not None and document["entry"]["device"] != device:
            return
        if document is None:  # damaged: whose it was cannot be seen, and it may hold what shall be forgotten
            files.remove(directory, name)
        else:
            files.write(directory, name, page.render(page.erase(document, fields)))
        if document is None or fields & {"*", "snapshot"}:
            for picture in names:
                if picture.startswith(name.removesuffix(".json") + "-"):
                    files.remove(directory, picture)
        directory.sync()

    def _places(self, contract: str) -> Iterator[tuple[str, ...]]:
        with files.below(self._root, contract) as directory:
            days = sorted(name for name in directory.names() if DAY.fullmatch(name))
        for day in days:
            yield (contract, day)
            with suppress(FileNotFoundError), files.below(self._root, contract, day, page.OTHERS):
                yield (contract, day, page.OTHERS)
