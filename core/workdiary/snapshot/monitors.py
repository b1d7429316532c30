"""Which frames of a grab are wanted, and whether frames and maps speak of the same monitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.payloads import Rect, ScreenMap, Unknown, Window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workdiary.payloads import Frame

CHANGED = Unknown(reason="the monitors changed while the picture was taken")
DISAGREE = Unknown(reason="the picture does not fit the monitors")


def choose(
    frames: tuple[Frame, ...], wanted: str, window: Window | Unknown, maps: Iterable[ScreenMap | Unknown]
) -> tuple[Frame, ...] | Unknown:
    """Return all frames, or for ``"active"`` the one that shows most of the active window.

    Where the window cannot be found it is the primary monitor, else the first. ``Unknown``: sizes or places of frames
    and monitors disagree, so that a filter could cover the wrong part of the picture.

    :param maps: before and after the grab; the later one knows better.
    """
    known = [each for each in maps if not isinstance(each, Unknown)]
    if len({each.monitors for each in known}) > 1:
        return CHANGED
    # Not one by one: the desktop may call two halves of one picture two monitors.
    if known and _bounds(monitor.rect for monitor in known[0].monitors) != _bounds(frame.rect for frame in frames):
        return DISAGREE
    if not all(_is_whole(frame) for frame in frames):
        return DISAGREE
    return frames if wanted == "all" else (_active(frames, window, known),)


def _bounds(rects: Iterable[Rect]) -> tuple[int, int, int, int]:
    corners = [(rect.x, rect.y, rect.x + rect.width, rect.y + rect.height) for rect in rects]
    left, top, right, bottom = zip(*corners, strict=True) if corners else ((0,),) * 4
    return min(left), min(top), max(right), max(bottom)


def _is_whole(frame: Frame) -> bool:
    if len(frame.pixels) != frame.width * frame.height * 4 or min(frame.width, frame.height) <= 0:
        return False
    # One scale for both directions, up to rounding.
    return (
        abs(frame.width * frame.rect.height - frame.height * frame.rect.width) <= frame.rect.width + frame.rect.height
    )


def _active(frames: tuple[Frame, ...], window: Window | Unknown, maps: list[ScreenMap]) -> Frame:
    if not isinstance(window, Unknown) and window.handle:
        for screen in reversed(maps):
            for seen in screen.windows:
                if seen.handle == window.handle:
                    best = max(frames, key=lambda frame: _overlap(frame.rect, seen.rect))
                    if _overlap(best.rect, seen.rect) > 0:
                        return best
    primary = {monitor.rect for monitor in maps[-1].monitors if monitor.primary} if maps else set()
    return next((frame for frame in frames if frame.rect in primary), frames[0])


def _overlap(one: Rect, other: Rect) -> int:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0, width) * max(0, height)
