"""Can mss see this desktop at all? Behind Xwayland it would answer with a black picture and no error."""

from __future__ import annotations

import ctypes
import os
import sys

ALLOW = "System Settings, Privacy & Security, Screen Recording: allow it, then start the tracker again."
XWAYLAND = "the X server is Xwayland, where mss sees a black picture"


def why_blind() -> str | None:
    """Return why this desktop shows mss nothing; None: nothing is known against it."""
    if sys.platform != "linux":
        return None
    if not os.environ.get("DISPLAY"):
        return "there is no X server: DISPLAY is not set"
    return XWAYLAND if _server_is_xwayland() else None


def why_forbidden() -> str | None:
    """Return which permission is missing: without it macOS hands out the wallpaper without windows, and no error."""
    if sys.platform != "darwin":
        return None
    graphics = ctypes.CDLL("/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics")
    graphics.CGPreflightScreenCaptureAccess.restype = ctypes.c_bool
    if graphics.CGPreflightScreenCaptureAccess():
        return None
    return f"macOS has not granted the permission Screen Recording ({ALLOW.rstrip('.')})"


def remedy() -> str:
    """Return what to do where there is no picture."""
    return ALLOW if sys.platform == "darwin" else "Log in to an X11 session, or install a plugin for this desktop."


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
