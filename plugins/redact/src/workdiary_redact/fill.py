"""Solid fill of rectangles in a frame. One colour, no blur: a blur can be read back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workdiary.payloads import Frame, Rect

COLOUR = bytes((0x50, 0x46, 0x46, 0xFF))  #: B G R X, a dark grey-blue that no blank-image check takes for black


@dataclass(frozen=True, kw_only=True)
class Box:
    """Half-open pixel bounds in a frame."""

    left: int
    top: int
    right: int
    bottom: int


def fill(frame: Frame, rects: Iterable[Rect]) -> Frame:
    """Return the frame with every part of the rectangles (desktop coordinates) replaced by ``COLOUR``.

    :raises ValueError: the frame has no area or not the bytes that its size says.
    """
    if min(frame.width, frame.height, frame.rect.width, frame.rect.height) <= 0:
        raise ValueError("a frame without area cannot be redacted")
    if len(frame.pixels) != frame.width * frame.height * 4:
        raise ValueError("a frame's bytes do not match its size")
    boxes = [box for rect in rects if (box := box_in(frame, rect)) is not None]
    if not boxes:
        return frame
    return replace(frame, pixels=b"".join(_pieces(frame, boxes)))


def box_in(frame: Frame, rect: Rect) -> Box | None:
    """Return the pixels that the rectangle touches, rounded outward on a scaled monitor; None: it is elsewhere."""
    left, right = _scaled(rect.x - frame.rect.x, rect.width, frame.width, frame.rect.width)
    top, bottom = _scaled(rect.y - frame.rect.y, rect.height, frame.height, frame.rect.height)
    if left >= right or top >= bottom:
        return None
    return Box(left=left, top=top, right=right, bottom=bottom)


def _scaled(start: int, length: int, pixels: int, units: int) -> tuple[int, int]:
    first = start * pixels // units
    last = -(-(start + length) * pixels // units)
    return max(0, first), min(pixels, last)


def _pieces(frame: Frame, boxes: list[Box]) -> Iterator[bytes | memoryview]:
    """Cut the frame into what stays and what is covered, so that one join copies every byte once."""
    old = memoryview(frame.pixels)
    edges = sorted({0, frame.height, *(box.top for box in boxes), *(box.bottom for box in boxes)})
    for top, bottom in pairwise(edges):
        spans = _merged((box.left, box.right) for box in boxes if box.top <= top < box.bottom)
        runs = [(left, right, COLOUR * (right - left)) for left, right in spans]
        start = top * frame.width * 4  # of the bytes that stay and are not yet yielded
        for row in range(top, bottom) if runs else ():
            for left, right, run in runs:
                yield old[start : (row * frame.width + left) * 4]
                yield run
                start = (row * frame.width + right) * 4
        yield old[start : bottom * frame.width * 4]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged
