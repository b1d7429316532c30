"""A small picture for the notice: it goes to the user's own screen and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.payloads import Preview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    from workdiary.payloads import Frame

WIDTH = 256  #: of each frame, about


def preview(frames: Sequence[Frame]) -> Preview:
    """Return the redacted frames side by side, small."""
    from PIL import Image

    small = [_shrunk(frame) for frame in frames]
    sheet = small[0]
    if len(small) > 1:
        sheet = Image.new("RGB", (sum(one.width for one in small), max(one.height for one in small)))
        left = 0
        for one in small:
            sheet.paste(one, (left, 0))
            left += one.width
    return Preview(width=sheet.width, height=sheet.height, pixels=sheet.tobytes())


def _shrunk(frame: Frame) -> Image:
    from PIL import Image

    size = (frame.width, frame.height)
    whole = Image.frombuffer("RGBX", size, frame.pixels, "raw", "RGBX", 0, 1)  # as if: then nothing is copied
    small = whole.reduce(max(1, round(frame.width / WIDTH)))
    return Image.frombytes("RGB", small.size, small.tobytes(), "raw", "BGRX")
