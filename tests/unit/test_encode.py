from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from workdiary.payloads import Frame, Rect
from workdiary.snapshot.encode import encode

# SOF0 and the tables; APP0 is the JFIF header of fixed size, without a thumbnail.
ALLOWED = {0xC0, 0xC4, 0xDB, 0xDA, 0xE0}


def noise(width, height):
    pixels = bytes((x * 7 + y * 13 + c * 50) % 256 for y in range(height) for x in range(width) for c in range(4))
    return Frame(rect=Rect(x=0, y=0, width=width, height=height), width=width, height=height, pixels=pixels)


def segments(data):
    assert data[:2] == b"\xff\xd8"
    at, found = 2, []
    while data[at + 1] != 0xDA:
        assert data[at] == 0xFF
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((data[at + 1], data[at + 4 : at + 2 + length]))
        at += 2 + length
    return [*found, (0xDA, data[at:])]


@settings(max_examples=30, deadline=None)
@given(width=st.integers(1, 90), height=st.integers(1, 90), quality=st.integers(1, 100), scale=st.sampled_from([1, 2]))
def test_a_jpeg_holds_pixels_and_not_a_byte_more(width, height, quality, scale):
    data = encode(noise(width, height), image_format="jpeg", quality=quality, scale=scale).data
    found = segments(data)
    assert {marker for marker, _ in found} <= ALLOWED
    assert [body for marker, body in found if marker == 0xE0] == [b"JFIF\0\1\1\0\0\1\0\1\0\0"]
    assert data.endswith(b"\xff\xd9")
    coded = found[-1][1]  # in the coded data an FF is always followed by 00; a table may hold any bytes
    assert coded.index(b"\xff\xd9") == len(coded) - 2


def test_a_webp_holds_one_chunk_of_pixels():
    data = encode(noise(64, 48), image_format="webp", quality=75, scale=1).data
    assert data[:4] + data[8:16] == b"RIFFWEBPVP8 "
    assert int.from_bytes(data[4:8], "little") + 8 == len(data)
    size = int.from_bytes(data[16:20], "little")
    assert 20 + size + size % 2 == len(data)


@pytest.mark.parametrize("image_format", ["jpeg", "webp"])
@pytest.mark.parametrize("scale", [1, 2])
def test_colours_and_size_are_those_of_the_screen(image_format, scale):
    rect = Rect(x=0, y=0, width=31, height=21)
    orange = Frame(rect=rect, width=31, height=21, pixels=bytes((0, 128, 255, 99)) * (31 * 21))
    picture = encode(orange, image_format=image_format, quality=90, scale=scale)
    image = Image.open(io.BytesIO(picture.data))
    assert image.size == (picture.width, picture.height) == (-(-31 // scale), -(-21 // scale))
    assert picture.media_type == Image.MIME[image.format] == f"image/{image_format}"
    pixel = image.convert("RGB").getpixel((10, 5))
    assert all(abs(have - want) <= 6 for have, want in zip(pixel, (255, 128, 0), strict=True))


def test_equal_pixels_give_equal_bytes():
    first, second = (encode(noise(50, 40), image_format="jpeg", quality=75, scale=1).data for _ in range(2))
    assert first == second
