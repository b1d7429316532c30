"""Is a picture worth keeping? And is it the same as an earlier one?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workdiary.payloads import Frame

SAMPLE = 4 * 1009  #: every 1009th pixel settles nearly every picture at once; a prime, so that it meets no column twice


def single_colour(frame: Frame) -> tuple[int, int, int] | None:
    """Return blue, green and red when every pixel of the frame has them, else None. The X byte means nothing."""
    for step in (SAMPLE, 4):
        for channel in range(3):
            plane = frame.pixels[channel::step]
            if plane.count(plane[0]) != len(plane):
                return None
    return frame.pixels[0], frame.pixels[1], frame.pixels[2]


def why_useless(grabbed: Frame, redacted: Frame) -> str:
    """Return why the redacted frame shows nothing; empty when it shows something."""
    colour = single_colour(redacted)
    if colour is None:
        return ""
    if redacted.pixels is not grabbed.pixels and single_colour(grabbed) is None:
        return "nothing is left after redaction"
    return "the screen is black" if colour == (0, 0, 0) else "the screen shows one single colour"


def fingerprint(encoded: bytes) -> str:
    """Return a name that equal pictures share.

    Taken from the encoded bytes, which follow from the redacted pixels alone and are thirty times fewer.
    """
    return hashlib.sha256(encoded).hexdigest()
