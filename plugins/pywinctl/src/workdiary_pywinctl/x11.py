"""PyWinCtl on X11: its faults and those of the libraries under it, mended before they are imported."""

from __future__ import annotations

import os
from typing import Any

import Xlib.threaded  # noqa: F401 - without it python-xlib deadlocks between threads
from Xlib import display, error
from Xlib.protocol import display as protocol

FIRST_EXTENSION_ERROR = 128
GONE = (error.BadWindow, error.BadDrawable)  #: the window closed before it was read


def _add_extension_error(self: Any, code: int, kind: Any) -> None:
    if code >= FIRST_EXTENSION_ERROR:
        self.error_classes[code] = kind


# python-xlib 0.33 registers RandR's errors over the core ones; the next BadValue would then spin at 100 % for ever.
protocol.Display.add_extension_error = _add_extension_error


def why_server_unfit() -> str | None:
    """Return why this X server does not know the active window: it is Xwayland, or cannot be reached."""
    try:
        server = display.Display()
    except (error.DisplayError, error.XError, OSError) as problem:
        return f"the X server cannot be reached ({type(problem).__name__})"
    try:
        if server.query_extension("XWAYLAND") is not None or any(
            name.startswith("XWAYLAND") for name in _output_names(server)
        ):
            return "the X server is Xwayland, which does not know the active window"
        return None
    finally:
        server.close()


def _output_names(server: Any) -> list[str]:
    """Return the names of the outputs: an Xwayland before 23.1 is known by nothing else."""
    if not server.has_extension("RANDR"):
        return []
    resources = server.screen().root.xrandr_get_screen_resources_current()
    return [str(server.xrandr_get_output_info(output, resources.config_timestamp).name) for output in resources.outputs]


def import_ewmhlib() -> None:
    """Import the library under PyWinCtl so that it connects to this display alone.

    By itself it connects to every X server of the machine, which may hang, and then looks a window up by its number on
    all of them: it could return the title of a window on somebody else's desktop.
    """
    kind = os.environ.get("XDG_SESSION_TYPE")
    os.environ["XDG_SESSION_TYPE"] = "wayland"  # its own switch for "the default display only"
    try:
        import ewmhlib  # noqa: F401 - for its effect
    finally:
        if kind is None:
            del os.environ["XDG_SESSION_TYPE"]
        else:
            os.environ["XDG_SESSION_TYPE"] = kind


def is_managed() -> bool:
    """Is there a window manager that says which window is active? Call after ``import_ewmhlib``."""
    from ewmhlib import defaultEwmhRoot

    return bool(defaultEwmhRoot.getSupportedHints())
