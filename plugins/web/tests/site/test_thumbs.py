"""A small picture is made of any picture that a screen can have, and of none that would fill the memory."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from workdiary.errors import StorageError
from workdiary_web.site.thumbs import MOST_PIXELS, SIZE, shrink


def picture(width, height, kind="PNG"):
    out = io.BytesIO()
    Image.new("1" if kind == "PNG" else "L", (width, height)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_a_large_screen_has_a_small_picture(kind):
    small = Image.open(io.BytesIO(shrink(picture(3840, 2160, kind))))
    assert (small.format, small.width, small.height <= SIZE[1]) == ("JPEG", SIZE[0], True)


def test_what_unfolds_to_gigabytes_is_refused_before_it_does():
    bomb = picture(10_000, MOST_PIXELS // 10_000 + 1)
    assert len(bomb) < 20_000
    with pytest.raises(StorageError, match="no picture that can be shown"):
        shrink(bomb)


def test_what_is_no_picture_is_refused():
    with pytest.raises(StorageError):
        shrink(b"<html><script>")
