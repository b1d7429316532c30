"""Journal rows as uploaders see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.journal import blobs
from workdiary.journal.entry import Segment, Tombstone, kind_of, parse
from workdiary.uploader import Image, Item

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workdiary.journal.keys import Keys
    from workdiary.journal.read import Row


def make_item(row: Row, root: Path, keys: Keys) -> Item:
    """Return what goes out for one entry, with the openings and images that are left."""
    entry = row.entry
    return Item(
        number=row.number,
        chain=f"{entry.device}/{entry.contract}",
        seq=entry.seq,
        kind=kind_of(entry),
        body=row.body,
        signature=row.signature,
        openings=row.openings,
        images=tuple(
            Image(
                sha256=image["sha256"],
                width=image["width"],
                height=image["height"],
                media_type=image["media_type"],
                sealed=_sealed(root, image["sha256"]),
                open=_opened(root, image["sha256"], keys),
            )
            for image in _shot(row).get("images", ())
            if (
                root / image["sha256"][:2] / image["sha256"]
            ).exists()  # one that the disk has lost must not hold up the rest
        ),
        erases=tuple((seq, name) for seq in entry.of for name in entry.fields) if isinstance(entry, Tombstone) else (),
    )


def held_until(row: Row, review_ms: int) -> int:
    """Return when the entry may leave the machine, in ms since 1970: its image can be looked at first."""
    shot = _shot(row)
    return int(shot["taken_at"]) + review_ms if shot.get("images") else 0


def _shot(row: Row) -> dict[str, Any]:
    if not isinstance(row.entry, Segment) or "snapshot" not in row.openings:
        return {}
    shot: dict[str, Any] = parse(row.openings["snapshot"][1])
    return shot


def _sealed(root: Path, sha256: str) -> Callable[[], bytes]:
    return lambda: blobs.read(root, sha256)


def _opened(root: Path, sha256: str, keys: Keys) -> Callable[[], bytes]:
    def read() -> bytes:
        from workdiary.desk.images import open_image

        return open_image(root, sha256, keys)

    return read
