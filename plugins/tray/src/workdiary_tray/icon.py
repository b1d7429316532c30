"""The four icons, drawn by formulas: each differs from the others by its shape, not by its colour alone.

Tracking: a disc with a triangle. Paused: a disc with two bars. Stopped: a disc with a square. Trouble: a warning sign.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from workdiary_tray.view import State

if TYPE_CHECKING:
    from collections.abc import Callable

    Shape = Callable[[float, float], bool]  #: whether a point is inside; both coordinates go from -1 to 1

SIZES = (22, 24, 48)
COLOURS = {
    State.TRACKING: (0x1E, 0x8E, 0x3E),
    State.PAUSED: (0xB0, 0x6C, 0x00),
    State.STOPPED: (0x5F, 0x63, 0x68),
    State.TROUBLE: (0xC5, 0x22, 0x1F),
}
WHITE = (0xFF, 0xFF, 0xFF)
FINE = 3  #: samples in each direction of a pixel


def _disc(radius: float) -> Shape:
    return lambda x, y: x * x + y * y <= radius * radius


def _boxes(*boxes: tuple[float, float, float, float]) -> Shape:
    """Return the union of boxes: left, top, right, bottom."""
    return lambda x, y: any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)


def _upward(top: float, bottom: float, half: float) -> Shape:
    """Return a triangle that stands on its base, which is twice *half*."""
    return lambda x, y: top <= y <= bottom and abs(x) * (bottom - top) <= (y - top) * half


def _onward(left: float, right: float, half: float) -> Shape:
    """Return a triangle that points to the right."""
    return lambda x, y: left <= x <= right and abs(y) * (right - left) <= (right - x) * half


SHAPES: dict[State, tuple[Shape, Shape]] = {
    State.TRACKING: (_disc(0.94), _onward(-0.35, 0.6, 0.57)),
    State.PAUSED: (_disc(0.94), _boxes((-0.44, -0.5, -0.14, 0.5), (0.14, -0.5, 0.44, 0.5))),
    State.STOPPED: (_disc(0.94), _boxes((-0.42, -0.42, 0.42, 0.42))),
    State.TROUBLE: (_upward(-0.95, 0.88, 0.98), _boxes((-0.14, -0.4, 0.14, 0.28), (-0.14, 0.44, 0.14, 0.7))),
}


@functools.lru_cache(maxsize=8)
def argb(state: State, size: int) -> bytes:
    """Return ``size * size * 4`` bytes, rows from the top, A R G B as the panel's protocol wants them."""
    body, glyph = SHAPES[state]
    offsets = [(2 * (number + 0.5) / (size * FINE)) - 1 for number in range(size * FINE)]
    pixels = bytearray()
    for row in range(size):
        ys = offsets[row * FINE : (row + 1) * FINE]
        for column in range(size):
            xs = offsets[column * FINE : (column + 1) * FINE]
            points = [(x, y) for y in ys for x in xs if body(x, y)]
            inside = sum(glyph(x, y) for x, y in points)
            pixels += _pixel(len(points), inside, COLOURS[state])
    return bytes(pixels)


def _pixel(covered: int, white: int, colour: tuple[int, int, int]) -> bytes:
    if not covered:
        return b"\0\0\0\0"
    mixed = ((one * (covered - white) + full * white) // covered for one, full in zip(colour, WHITE, strict=True))
    return bytes((covered * 255 // FINE**2, *mixed))


def over(state: State, size: int, ground: tuple[int, int, int]) -> bytes:
    """Return the icon on a ground of one colour: rows from the top, B G R X as X servers want them."""
    source = argb(state, size)
    pixels = bytearray()
    for at in range(0, len(source), 4):
        alpha, *colour = source[at : at + 4]
        red, green, blue = (
            (one * alpha + under * (255 - alpha)) // 255 for one, under in zip(colour, ground, strict=True)
        )
        pixels += bytes((blue, green, red, 0))
    return bytes(pixels)
