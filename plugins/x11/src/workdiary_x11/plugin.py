"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary.source.watched import Watched, check
from workdiary_x11.desktop import open_desktop
from workdiary_x11.session import Session, open_session
from workdiary_x11.survey import survey

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import ScreenMap


NAME = "the X server"
GONE = Unknown(reason=f"{NAME} went away")

watched: Watched[Session] = Watched(NAME, lambda _context: open_session())


def start(context: PluginContext) -> None:
    """Make sure that there is a server of the whole desktop, which lets us in.

    :raises NotHereError: there is none.
    :raises WorkdiaryError: it does not let us in.
    """
    try:
        open_desktop().close()
    except OSError as error:
        raise WorkdiaryError(str(error), remedy="Check DISPLAY and XAUTHORITY, or `xset q`.") from error
    watched.start(context)


def survey_screen() -> ScreenMap | Unknown:
    """Read the screen over a connection of its own."""
    try:
        connection = open_desktop()
    except (OSError, WorkdiaryError):
        return GONE
    try:
        return survey(connection)
    except OSError:
        return GONE
    finally:
        connection.close()


def checks() -> list[Check]:
    """Take one real reading of everything."""
    try:
        session = open_session()
    except (OSError, WorkdiaryError) as error:
        message = error.message if isinstance(error, WorkdiaryError) else str(error)
        return [check("X display", Unknown(reason=message), "Start the tracker from within an X11 desktop.")]
    counts, window, presence = session.counts(), session.window(), session.presence()
    session.close()
    return [
        check("X input counts", counts, "Use an X server with XInput 2, such as Xorg 1.11 or later."),
        check("X active window", window, "Start a window manager that follows EWMH."),
        check("X idle timer", presence.active_ms, "Use an X server with the SYNC extension."),
    ]
