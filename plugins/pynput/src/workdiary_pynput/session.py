"""Would pynput see everything here? Where it would see a part only, it must not count at all."""

from __future__ import annotations

import ctypes
import os
import sys

from workdiary_pynput.mac import FRAMEWORKS, REMEDY

XWAYLAND = "the X server is Xwayland, where pynput sees only the input of X11 programs"


def why_blind() -> str | None:
    """Return why input cannot be counted here; None: nothing is known against it."""
    if sys.platform == "win32":
        return None
    if sys.platform == "darwin":
        return _why_blind_on_mac()
    if not os.environ.get("DISPLAY"):
        return "there is no X server: DISPLAY is not set"
    from workdiary_pynput.x11 import why_server_unfit

    return why_server_unfit(XWAYLAND)


def _why_blind_on_mac() -> str | None:
    graphics = ctypes.CDLL(FRAMEWORKS.format("CoreGraphics"))
    graphics.CGPreflightListenEventAccess.restype = ctypes.c_bool
    if graphics.CGPreflightListenEventAccess():
        return None
    return f"macOS has not granted the permission Input Monitoring ({REMEDY.rstrip('.')})"
