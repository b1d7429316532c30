"""Small pictures, made in memory and kept there: nothing of an image is ever written anywhere."""

from __future__ import annotations

import contextlib
import io
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from workdiary.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

#: A day has 144; each is about 8 KB.
KEPT = 300
SIZE = (320, 200)
QUALITY = 60
MOST_PIXELS = 64_000_000  #: a picture of 8K has 33 million; some hundred KB of a hostile file can unfold to GBs
_LARGE = 10_000_000  #: above a picture of 4K, one at a time is unfolded
_one = threading.Lock()


class Thumbs:
    """The last small pictures, by the name of the image they show."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, picture: Callable[[], bytes]) -> bytes:
        """Return a small JPEG; StorageError if the picture is none."""
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        small = shrink(picture())
        with self._lock:
            self._kept[name] = small
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return small


def shrink(picture: bytes) -> bytes:
    """Return a small JPEG of a picture."""
    from PIL import Image, UnidentifiedImageError

    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG", "WEBP")) as image:
            image.draft("RGB", SIZE)
            pixels = image.width * image.height
            if pixels > MOST_PIXELS:
                raise ValueError("too large")
            with _one if pixels > _LARGE else contextlib.nullcontext():
                small = image.convert("RGB")
                small.thumbnail(SIZE, Image.Resampling.BILINEAR, reducing_gap=2.0)
            small.save(out, "JPEG", quality=QUALITY)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        raise StorageError("the image is no picture that can be shown", remedy="See: workdiary doctor") from None
    return out.getvalue()
