"""Journal rows as uploaders see them."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from workdiary.errors import StorageError
from workdiary.journal import blobs
from workdiary.journal.entry import Segment, Tombstone, kind_of, parse
from workdiary.uploader import Image, Item

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import apsw

    from workdiary.journal.keys import Keys
    from workdiary.journal.read import Row


class Packer:
    """Makes items. An image that the disk has lost or damaged is left out, so that it does not hold up the rest."""

    def __init__(self, blobs_root: Path, keys: Keys) -> None:
        self._root, self._keys = blobs_root, keys
        self._lost: set[str] = set()

    def pack(self, connection: apsw.Connection, row: Row) -> Item:
        """Return what goes out for one entry, with the openings and images that are left."""
        entry = row.entry
        images = (image for image in _shot(row).get("images", ()) if image["sha256"] not in self._lost)
        return Item(
            number=row.number,
            chain=f"{entry.device}/{entry.contract}",
            seq=entry.seq,
            kind=kind_of(entry),
            body=row.body,
            signature=row.signature,
            openings=row.openings,
            images=tuple(self._image(image) for image in images if self._path(image["sha256"]).exists()),
            erases=_erases(connection, row, entry) if isinstance(entry, Tombstone) else (),
        )

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def _image(self, image: dict[str, Any]) -> Image:
        sha256 = image["sha256"]
        return Image(
            sha256=sha256,
            width=image["width"],
            height=image["height"],
            media_type=image["media_type"],
            sealed=self._sealed(sha256),
            open=self._opened(sha256),
        )

    def _sealed(self, sha256: str) -> Callable[[], bytes]:
        return lambda: self._watched(sha256, lambda: blobs.read(self._root, sha256))

    def _opened(self, sha256: str) -> Callable[[], bytes]:
        def read() -> bytes:
            from workdiary.journal.images import open_image

            return open_image(self._root, sha256, self._keys)

        return lambda: self._watched(sha256, read)

    def _watched(self, sha256: str, read: Callable[[], bytes]) -> bytes:
        try:
            return read()
        except StorageError as error:
            cause = error.__cause__  # none: other bytes or another key
            if not isinstance(cause, OSError) or cause.errno == errno.EIO:  # no retry will help
                self._lost.add(sha256)
            raise


def held_until(row: Row, review_ms: int) -> int:
    """Return when the entry may leave the machine, in ms since 1970: its images can be looked at first."""
    shown = (image.get("noticed_at", image["taken_at"]) for image in _shot(row).get("images", ()))
    return max((int(at) + review_ms for at in shown), default=0)


def _shot(row: Row) -> dict[str, Any]:
    if not isinstance(row.entry, Segment) or "snapshot" not in row.openings:
        return {}
    shot: dict[str, Any] = parse(row.openings["snapshot"][1])
    return shot


#: An edit's memo goes with the entries that it edits; no tombstone names the edit itself.
_ERASED_EDITS = """
SELECT DISTINCT edit.seq FROM target AS erased JOIN target ON target.number = erased.number
  JOIN entry AS edit ON edit.number = target.by AND edit.kind = 'edit'
WHERE erased.by = ? AND NOT EXISTS (SELECT 1 FROM opening WHERE opening.number = edit.number) ORDER BY edit.seq
"""


def _erases(connection: apsw.Connection, row: Row, entry: Tombstone) -> tuple[tuple[int, str], ...]:
    named = [(seq, name) for seq in entry.of for name in entry.fields]
    edits: list[Any] = connection.execute(_ERASED_EDITS, (row.number,)).fetchall()
    return (*named, *((seq, "*") for (seq,) in edits))
