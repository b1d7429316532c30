"""Which desktop there is to track, by asking it and not by believing a variable."""

from __future__ import annotations

import os

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary_wayland.wire import connect
from workdiary_x11.desktop import open_desktop

WAYLAND = """\
Your Wayland desktop is tracked. Wayland does not tell how often keys are pressed: keystrokes, clicks and scrolls will
stand as "unknown". Active seconds, window and picture depend on your compositor: `workdiary doctor` says more."""
X11 = "Your desktop {display} is tracked."
NOTHING = "There is no desktop session here{why}. A virtual screen is tracked instead, on which a program types."


def find() -> tuple[str, str]:
    """Return ``x11``, ``wayland`` or ``virtual``, and a sentence that says so."""
    try:
        connect().close()
    except NotHereError:
        return _x11()
    except WorkdiaryError as error:
        return "virtual", NOTHING.format(why=f" that answers ({error.message})")
    return "wayland", WAYLAND


def _x11() -> tuple[str, str]:
    display = os.environ.get("DISPLAY", "")
    if not display:
        return "virtual", NOTHING.format(why="")
    try:
        open_desktop().close()
    except (WorkdiaryError, OSError) as error:
        return "virtual", NOTHING.format(why=f" that answers (DISPLAY is {display}: {error})")
    return "x11", X11.format(display=display)
