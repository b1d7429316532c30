"""Finds X's libraries by the names that are part of their binary interface.

``ctypes.util.find_library`` starts ``ldconfig`` for each name that mss asks for, eight times a picture: a third of what
the whole picture costs.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SONAMES = {
    "X11": "libX11.so.6",
    "Xfixes": "libXfixes.so.3",
    "Xrandr": "libXrandr.so.2",
    "xcb": "libxcb.so.1",
    "xcb-randr": "libxcb-randr.so.0",
    "xcb-render": "libxcb-render.so.0",
    "xcb-shm": "libxcb-shm.so.0",
    "xcb-xfixes": "libxcb-xfixes.so.0",
}


@contextmanager
def known_sonames() -> Iterator[None]:
    """While it lasts, these libraries are found at once; any other, or one that is not there, as ever."""
    ask = ctypes.util.find_library

    def find(name: str) -> str | None:
        try:
            ctypes.CDLL(SONAMES[name])
        except (KeyError, OSError):
            return ask(name)
        return SONAMES[name]

    if not sys.platform.startswith("linux"):
        yield
        return
    ctypes.util.find_library = find
    try:
        yield
    finally:
        ctypes.util.find_library = ask
