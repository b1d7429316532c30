"""Encrypt a picture to the journal's recipient and put it on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.journal import blobs

if TYPE_CHECKING:
    from pathlib import Path


def seal(data: bytes, recipient: str, root: Path) -> tuple[str, int]:
    """Return name and size of the blob that holds *data*, encrypted; it is durable then.

    :param recipient: an age recipient, ``age1...``.
    :raises StorageError: it could not be written.
    """
    import pyrage

    sealed = pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(recipient)])
    return blobs.write(root, sealed), len(sealed)
