"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, Decision, Unknown, Verdict
from workdiary.source.watched import Watched, check
from workdiary_macos import screen
from workdiary_macos.api import Mac
from workdiary_macos.session import Session

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import ScreenMap

LISTEN = "System Settings, Privacy & Security, Input Monitoring: allow it, then start the tracker again."

watched: Watched[Session] = Watched("macOS", lambda _context: Session(Mac()))


def start(context: PluginContext) -> None:
    """Make sure that this is macOS.

    :raises NotHereError: it is another system.
    """
    Mac()
    watched.start(context)


def survey_screen() -> ScreenMap | Unknown:
    """Read the screen."""
    return screen.survey(Mac())


def decide() -> Decision | None:
    """Let no picture be taken of which macOS would hide the windows: it shows the wallpaper, and says nothing."""
    hidden = screen.why_hidden(Mac())
    return None if hidden is None else Decision(verdict=Verdict.DENY, reason=hidden.reason)


def checks() -> list[Check]:
    """Take one real reading of everything, and name the permission that is missing."""
    try:
        system = Mac()
    except WorkdiaryError as error:
        return [check("macOS", Unknown(reason=error.message), "It is for macOS.")]
    listen: object = True
    if not system.may_listen():
        listen = Unknown(reason="macOS tells keys and clicks to nobody without the permission Input Monitoring")
    return [
        check("macOS active window", screen.active(system), screen.REMEDY),
        check("macOS screen map", screen.survey(system), screen.REMEDY),
        check("macOS input", listen, LISTEN),
    ]
