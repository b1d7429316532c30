"""From the portal's one picture of all monitors to a frame of each."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from workdiary.payloads import Frame, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from workdiary.payloads import Rect

LARGEST_SCALE = 4
NO_MONITOR = Unknown(reason="the compositor names no monitor")
DAMAGED = Unknown(reason="the desktop portal's picture cannot be read")
MISFIT = Unknown(reason="the desktop portal's picture has not the shape of the monitors")


def frames(data: bytes, monitors: Sequence[Rect]) -> tuple[Frame, ...] | Unknown:
    """Return a frame of each monitor, cut out of the picture of all that the desktop covers.

    :param data: a PNG.
    :param monitors: where they lie on the desktop, in its own pixels; the picture may have a multiple of them.
    """
    from PIL import Image

    if not monitors:
        return NO_MONITOR
    left, top = min(one.x for one in monitors), min(one.y for one in monitors)
    width = max(one.x + one.width for one in monitors) - left
    height = max(one.y + one.height for one in monitors) - top
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            scale = image.width / width
            if not 1 <= scale <= LARGEST_SCALE or abs(image.height - height * scale) > scale:
                return MISFIT
            whole = image.convert("RGBX")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return DAMAGED
    return tuple(_cut(whole, one, left, top, scale) for one in monitors)


def _cut(whole: Image.Image, one: Rect, left: int, top: int, scale: float) -> Frame:
    x, y = round((one.x - left) * scale), round((one.y - top) * scale)
    width, height = round(one.width * scale), round(one.height * scale)
    part = whole.crop((x, y, x + width, y + height))
    return Frame(rect=one, width=width, height=height, pixels=part.tobytes("raw", "BGRX"))
