"""The small picture of a notice: its colours, its size, two monitors side by side."""

from __future__ import annotations

import pytest

from workdiary.payloads import Frame, Rect
from workdiary.snapshot.preview import preview

RED, BLUE = b"\x10\x20\xc0\xff", b"\xc0\x20\x10\x00"  # B G R X


def frame(width, height, colour=RED):
    return Frame(
        rect=Rect(x=0, y=0, width=width, height=height), width=width, height=height, pixels=colour * width * height
    )


@pytest.mark.parametrize(
    ("size", "small"), [((1920, 1080), (240, 135)), ((3840, 2160), (256, 144)), ((64, 48), (64, 48))]
)
def test_it_is_about_256_pixels_wide_and_its_colours_stay(size, small):
    seen = preview([frame(*size)])
    assert (seen.width, seen.height) == small
    assert seen.pixels == bytes((0xC0, 0x20, 0x10)) * (small[0] * small[1])


def test_monitors_stand_side_by_side():
    seen = preview([frame(100, 50), frame(60, 80, BLUE)])
    assert (seen.width, seen.height) == (160, 80)
    row = seen.pixels[: 160 * 3]
    assert (row[:3], row[-3:]) == (bytes((0xC0, 0x20, 0x10)), bytes((0x10, 0x20, 0xC0)))
    assert "pixels" not in repr(seen)
