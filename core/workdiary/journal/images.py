"""Opening sealed images: the one place where a picture is decrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import StorageError
from workdiary.journal import blobs

if TYPE_CHECKING:
    from pathlib import Path

    from workdiary.journal.keys import Keys


def open_image(root: Path, sha256: str, keys: Keys) -> bytes:
    """Return the picture of a sealed image; StorageError if it is missing, damaged or sealed to another key."""
    import pyrage

    sealed = blobs.read(root, sha256)
    try:
        picture: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(keys.identity)])
        return picture
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise StorageError(
            f"the image {sha256[:12]} cannot be opened with this device's key", remedy="Restore the device key."
        ) from None
