"""Would PyWinCtl see the active window here?"""

from __future__ import annotations

import os
import sys


def why_blind() -> str | None:
    """Return why the active window cannot be read here; None: nothing is known against it."""
    if sys.platform != "linux":
        return None
    if not os.environ.get("DISPLAY"):
        return "there is no X server: DISPLAY is not set"
    from workdiary_pywinctl.x11 import why_server_unfit

    return why_server_unfit()
