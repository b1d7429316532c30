"""Can mss see this desktop at all? On Wayland it would answer with a black picture and no error."""

from __future__ import annotations

import ctypes
import os
import sys

WAYLAND = "this is a Wayland session, where mss sees a black picture"


def why_blind() -> str | None:
    """Return why no picture can be had here; None: nothing is known against it."""
    if sys.platform == "win32":
        return None
    if sys.platform == "darwin":
        return _why_blind_on_mac()
    if os.environ.get("WAYLAND_DISPLAY") or os.environ.get("XDG_SESSION_TYPE", "").lower() == "wayland":
        return WAYLAND
    if not os.environ.get("DISPLAY"):
        return "there is no X server: DISPLAY is not set"
    # A tracker started by a service or over ssh knows DISPLAY, but not that Xwayland is behind it.
    return WAYLAND if _server_is_xwayland() else None


def _server_is_xwayland() -> bool:
    try:
        library = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False  # mss has its own way to the server
    library.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(library.XOpenDisplay(None))
    if display.value is None:
        return False  # mss will say what is wrong
    try:
        codes = [ctypes.byref(ctypes.c_int()) for _ in range(3)]
        return bool(library.XQueryExtension(display, b"XWAYLAND", *codes))
    finally:
        library.XCloseDisplay(display)


def _why_blind_on_mac() -> str | None:
    """Without the permission macOS hands out the wallpaper without windows, and no error."""
    graphics = ctypes.CDLL("/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics")
    graphics.CGPreflightScreenCaptureAccess.restype = ctypes.c_bool
    if graphics.CGPreflightScreenCaptureAccess():
        return None
    return "macOS has not granted the permission Screen Recording"
