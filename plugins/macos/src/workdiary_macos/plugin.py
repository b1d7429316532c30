"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary.payloads import Check, Decision, Unknown, Verdict
from workdiary.source.watched import Watched, check
from workdiary_macos import screen
from workdiary_macos.counts import Counts
from workdiary_macos.session import Session

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import ScreenMap
    from workdiary_macos.api import Mac

PRESS = "Press a key and look again; if it stays so: pip install workdiary-pynput, which needs Input Monitoring."


def system() -> Mac:
    """Return macOS; elsewhere not even what its calls need is imported.

    :raises NotHereError: this is another system.
    """
    if sys.platform != "darwin":
        raise NotHereError("this is not macOS")
    from workdiary_macos.api import Mac

    return Mac()


watched: Watched[Session] = Watched("macOS", lambda _context: Session(system()))


def start(context: PluginContext) -> None:
    """Make sure that this is macOS.

    :raises NotHereError: it is another system.
    """
    system()
    watched.start(context)


def survey_screen() -> ScreenMap | Unknown:
    """Read the screen."""
    return screen.survey(system())


def decide() -> Decision | None:
    """Let no picture be taken of which macOS would hide the windows: it shows the wallpaper, and says nothing."""
    hidden = screen.listed(system())
    if not isinstance(hidden, Unknown):
        return None
    return Decision(verdict=Verdict.DENY, reason=f"{hidden.reason} ({screen.REMEDY.rstrip('.')})")


def checks() -> list[Check]:
    """Take one real reading of everything, and say how to mend what has none."""
    try:
        found = system()
    except WorkdiaryError as error:
        return [check("macOS", Unknown(reason=error.message), "It is for macOS.")]
    return [
        check("macOS active window", screen.active(found), screen.REMEDY),
        check("macOS screen map", screen.survey(found), screen.REMEDY),
        check("macOS input", Counts(found).read(), PRESS),
    ]
