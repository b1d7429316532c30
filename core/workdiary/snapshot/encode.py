"""From raw pixels to a picture file: pixels and nothing else, no metadata."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workdiary.payloads import Frame


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An encoded frame."""

    width: int
    height: int
    media_type: str
    data: bytes = field(repr=False)


class _Sink(io.BytesIO):
    # Given a name instead of a format, Pillow imports the code of that one format and not of five.
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def encode(frame: Frame, *, image_format: str, quality: int, scale: int) -> Picture:
    """Return the frame as ``jpeg`` or ``webp``, width and height divided by *scale*, rounded up."""
    from PIL import Image

    image = Image.frombuffer("RGB", (frame.width, frame.height), frame.pixels, "raw", "BGRX", 0, 1)
    if scale > 1:
        image = image.reduce(scale)
    sink = _Sink(f"image.{image_format}")
    if image_format == "webp":
        image.save(sink, quality=quality, method=0)
    else:
        image.save(sink, quality=quality)
    return Picture(width=image.width, height=image.height, media_type=f"image/{image_format}", data=sink.getvalue())
