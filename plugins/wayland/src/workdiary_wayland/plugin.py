"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary.source.watched import Watched, check
from workdiary_wayland.protocols import COPIES, NO_PICTURES, NO_TIMER, NO_WINDOWS, PICTURES, SOURCES, TIMERS, WINDOWS
from workdiary_wayland.session import Session, open_session
from workdiary_wayland.wire import connect

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Frame

NAME = "the Wayland compositor"
REMEDY = "Start the tracker from within your desktop, as the user who sits there."
GONE = Unknown(reason=f"{NAME} went away")


watched: Watched[Session] = Watched(NAME, lambda _context: open_session())


def start(context: PluginContext) -> None:
    """Make sure that there is a compositor which answers, and tells something.

    :raises NotHereError: there is none, or one without any of the protocols.
    :raises WorkdiaryError: it does not let us in.
    """
    connection = connect()
    connection.close()
    if not any(map(connection.offered, (WINDOWS, PICTURES, COPIES, *TIMERS))):
        raise NotHereError("this compositor offers neither pictures nor windows nor idle time to programs")
    watched.start(context)


def grab_screen() -> tuple[Frame, ...] | Unknown:
    """Take a picture of every output over a connection of its own."""
    from workdiary_wayland import imagecopy, screencopy

    try:
        connection = connect()
    except WorkdiaryError as error:
        return Unknown(reason=error.message)
    try:
        if all(map(connection.offered, (PICTURES, "wl_shm"))):
            return screencopy.grab(connection)
        if all(map(connection.offered, (COPIES, SOURCES, "wl_shm"))):
            return imagecopy.grab(connection)
        return NO_PICTURES
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
        return [Check(name="Wayland compositor", ok=False, detail=message, remedy=REMEDY)]
    window, timer = session.window(), session.why_no_timer
    session.close()
    return [
        check("Wayland active window", window, REMEDY, not_offered=NO_WINDOWS),
        check("Wayland idle timer", timer or (), REMEDY, not_offered=NO_TIMER),
        check("Wayland picture", grab_screen(), REMEDY, not_offered=NO_PICTURES),
    ]
