"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary.source.watched import Watched, check
from workdiary_windows import window
from workdiary_windows.session import Session

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import ScreenMap
    from workdiary_windows.api import Win32

REMEDY = "Start the tracker from within your desktop, as the user who sits there."


def system() -> Win32:
    """Return Windows; elsewhere not even what its calls need is imported.

    :raises NotHereError: this is another system.
    """
    if sys.platform != "win32":
        raise NotHereError("this is not Windows")
    from workdiary_windows.api import Win32

    return Win32()


watched: Watched[Session] = Watched("Windows", lambda _context: Session(system()))


def start(context: PluginContext) -> None:
    """Make sure that this is Windows, and that it answers.

    :raises NotHereError: it is another system.
    :raises WorkdiaryError: it does not tell the last input, as in a service without a desktop.
    """
    try:
        system().last_input()
    except OSError as error:
        raise WorkdiaryError(str(error), remedy=REMEDY) from error
    watched.start(context)


def survey_screen() -> ScreenMap | Unknown:
    """Read the screen."""
    return window.survey(system())


def checks() -> list[Check]:
    """Take one real reading of everything."""
    try:
        found = system()
        found.last_input()
    except (OSError, WorkdiaryError) as error:
        return [check("Windows", Unknown(reason=str(error)), REMEDY)]
    return [
        check("Windows active window", window.active(found), REMEDY),
        check("Windows screen map", window.survey(found), REMEDY),
    ]
