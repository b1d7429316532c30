"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary.source.watched import Watched, check
from workdiary_windows import window
from workdiary_windows.api import Win32
from workdiary_windows.session import Session

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import ScreenMap

REMEDY = "Start the tracker from within your desktop, as the user who sits there."

watched: Watched[Session] = Watched("Windows", lambda _context: Session(Win32()))


def start(context: PluginContext) -> None:
    """Make sure that this is Windows, and that it answers.

    :raises NotHereError: it is another system.
    :raises WorkdiaryError: it does not tell the last input, as in a service without a desktop.
    """
    try:
        Win32().last_input()
    except OSError as error:
        raise WorkdiaryError(str(error), remedy=REMEDY) from error
    watched.start(context)


def survey_screen() -> ScreenMap | Unknown:
    """Read the screen."""
    return window.survey(Win32())


def checks() -> list[Check]:
    """Take one real reading of everything."""
    try:
        system = Win32()
        system.last_input()
    except (OSError, WorkdiaryError) as error:
        return [check("Windows", Unknown(reason=str(error)), REMEDY)]
    return [
        check("Windows active window", window.active(system), REMEDY),
        check("Windows screen map", window.survey(system), REMEDY),
    ]
