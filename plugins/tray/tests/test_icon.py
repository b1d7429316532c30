from __future__ import annotations

import itertools

import pytest
from PIL import Image, ImageChops, ImageStat

from workdiary_tray.icon import SIZES, argb, over
from workdiary_tray.view import State


def grey(state: State, size: int) -> Image.Image:
    """Return the icon as somebody sees it who sees no colours, and all discs of one brightness."""
    pixels = argb(state, size)
    image = Image.new("L", (size, size))
    image.putdata([255 * (pixels[at] > 127) * (1 + (pixels[at + 2] > 200)) // 2 for at in range(0, len(pixels), 4)])
    return image


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(State, 2)))
def test_two_icons_differ_by_their_shape_and_not_only_by_their_colour(one, other, size):
    difference = ImageStat.Stat(ImageChops.difference(grey(one, size), grey(other, size))).mean[0]
    assert difference > 5
    assert ImageStat.Stat(ImageChops.difference(grey(one, size), grey(one, size))).mean[0] == 0


@pytest.mark.parametrize("size", [1, 16, *SIZES])
def test_an_icon_has_as_many_pixels_as_it_says(size):
    assert len(argb(State.TRACKING, size)) == len(over(State.TRACKING, size, (0, 0, 0))) == size * size * 4


def test_corners_are_clear_and_the_middle_is_full():
    pixels = argb(State.STOPPED, 48)
    middle = (24 * 48 + 24) * 4
    assert pixels[0] == 0
    assert pixels[middle : middle + 4] == b"\xff\xff\xff\xff"
