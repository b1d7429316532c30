"""Which desktop there is to track, by asking it and not by believing a variable."""

from __future__ import annotations

import os
from pathlib import Path

from workdiary.errors import WorkdiaryError
from workdiary_x11.wire import connect

WAYLAND = """\
This is a Wayland session. Workdiary sees X11 desktops today; Wayland comes later. Time is tracked, sleep and pauses are
seen. Keystrokes, clicks, scrolls, active seconds, the window and the picture will stand as "unknown", with the reason.
For full recording log in to an X11 session; to see how it looks: ./contrib/track --virtual"""
X11 = "Your desktop {display} is tracked."
NOTHING = "There is no desktop session here{why}. A virtual screen is tracked instead, on which a program types."


def find() -> tuple[str, str]:
    """Return ``x11``, ``wayland`` or ``virtual``, and a sentence that says so."""
    if _wayland_answers():
        return "wayland", WAYLAND
    display = os.environ.get("DISPLAY", "")
    if not display:
        return "virtual", NOTHING.format(why="")
    try:
        connect().close()
    except (WorkdiaryError, OSError) as error:
        return "virtual", NOTHING.format(why=f" that answers (DISPLAY is {display}: {error})")
    return "x11", X11.format(display=display)


def _wayland_answers() -> bool:
    import socket

    name = os.environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name  # an absolute name stays as it is
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(2)
        try:
            link.connect(str(path))
        except OSError:
            return False
    return True
