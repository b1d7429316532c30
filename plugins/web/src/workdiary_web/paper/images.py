"""Pictures small enough for a page that is sent by mail."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from workdiary.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.diary.model import Image as SealedImage

WIDTH = 640
QUALITY = 55


def data_uri(open_picture: Callable[[SealedImage], bytes], image: SealedImage) -> tuple[str, str]:
    """Return a picture as an address that holds it, and why there is none."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(open_picture(image)), formats=("JPEG", "WEBP", "PNG")) as picture:
            picture.draft("RGB", (WIDTH, WIDTH))
            small = picture.convert("RGB")
    except StorageError as error:
        return "", error.message
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return "", "it is no picture that can be opened"
    small.thumbnail((WIDTH, WIDTH * 4))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode(), ""
