from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdiary.payloads import Frame, Rect
from workdiary.snapshot.check import fingerprint, single_colour, why_useless

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


def frame(pixels, width, height):
    return Frame(rect=Rect(x=0, y=0, width=width, height=height), width=width, height=height, pixels=bytes(pixels))


def plain(colour, width=120, height=80):
    return frame(bytes((*colour, 255)) * (width * height), width, height)


@given(colour=COLOURS, padding=st.binary(min_size=1, max_size=50))
def test_one_colour_is_found_whatever_stands_in_the_fourth_byte(colour, padding):
    pixels = bytearray(plain(colour).pixels)
    pixels[3::4] = (padding * 9600)[:9600]
    assert single_colour(frame(pixels, 120, 80)) == colour


@given(colour=COLOURS, place=st.integers(0, 120 * 80 - 1), channel=st.integers(0, 2))
def test_a_single_other_pixel_anywhere_is_a_picture(colour, place, channel):
    pixels = bytearray(plain(colour).pixels)
    pixels[place * 4 + channel] ^= 1
    assert single_colour(frame(pixels, 120, 80)) is None


@pytest.mark.parametrize(
    ("colour", "reason"), [((0, 0, 0), "the screen is black"), ((1, 2, 3), "the screen shows one single colour")]
)
def test_a_blank_screen_is_named(colour, reason):
    blank = plain(colour)
    assert why_useless(blank, blank) == reason
    assert why_useless(blank, replace(blank, pixels=bytes(bytearray(blank.pixels)))) == reason


def test_a_picture_that_is_covered_whole_has_nothing_left():
    screen = frame(b"\1\2\3\0\4\5\6\0" * (60 * 80), 120, 80)
    assert why_useless(screen, plain((70, 70, 80))) == "nothing is left after redaction"
    assert not why_useless(screen, screen)


def test_equal_pictures_share_a_fingerprint():
    assert fingerprint(b"a") == fingerprint(b"a") != fingerprint(b"b")
