"""From a compositor's buffer to pixels as privacy filters want them: upright, without padding, B G R X."""

from __future__ import annotations

QUARTERS = 3  #: the bits of a transform that are quarter turns
MIRRORED = 4
PIXEL = 4  #: bytes
XRGB = {0, 1}  #: ARGB8888, XRGB8888: B G R X in memory
XBGR = {0x34324241, 0x34324258}  #: ABGR8888, XBGR8888: R G B X in memory


def tight(data: bytes, width: int, height: int, stride: int, *, upside_down: bool) -> bytes:
    """Return the rows from the top without what pads them."""
    if stride == width * PIXEL and not upside_down:
        return data[: stride * height]
    rows = range(height - 1, -1, -1) if upside_down else range(height)
    return b"".join(data[row * stride : row * stride + width * PIXEL] for row in rows)


def as_bgrx(pixels: bytes, form: int) -> bytes | None:
    """Return B G R X; None: the format is none that we know."""
    if form in XRGB:
        return pixels
    if form not in XBGR:
        return None
    swapped = bytearray(pixels)
    swapped[0::4], swapped[2::4] = pixels[2::4], pixels[0::4]
    return bytes(swapped)


def upright(pixels: bytes, width: int, height: int, transform: int) -> tuple[bytes, int, int]:
    """Return the pixels, width and height as the person sees them, of an output with a wl_output transform."""
    words = memoryview(pixels).cast("I")
    turns = transform & QUARTERS
    if transform & MIRRORED:
        words = _joined([words[row * width : (row + 1) * width][::-1] for row in range(height)])
    if turns == 2:  # noqa: PLR2004 - half a turn
        words = _joined([words[::-1]])
    elif turns == 1:
        words = _joined([words[(height - 1) * width + column :: -width] for column in range(width)])
    elif turns == QUARTERS:
        words = _joined([words[column::width] for column in range(width - 1, -1, -1)])
    size = (height, width) if turns & 1 else (width, height)
    return bytes(words.cast("B")), *size


def _joined(rows: list[memoryview]) -> memoryview:
    return memoryview(b"".join(row.tobytes() for row in rows)).cast("I")
