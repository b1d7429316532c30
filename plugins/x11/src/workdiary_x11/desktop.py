"""Is this the X server of the whole desktop? Found out by asking it: a variable knows nothing of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import NotHereError
from workdiary_x11.survey import monitors
from workdiary_x11.wire import connect

if TYPE_CHECKING:
    from workdiary_x11.wire import Connection

XWAYLAND = "this is Xwayland, which sees only a part of the desktop"


def open_desktop() -> Connection:
    """Connect to the display that ``DISPLAY`` names.

    :raises NotHereError: there is none, or it is Xwayland.
    :raises WorkdiaryError: ``DISPLAY`` names no local display.
    :raises ServerGoneError: the server refuses, or went away.
    """
    connection = connect()
    try:
        if _is_xwayland(connection):
            raise NotHereError(XWAYLAND)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_xwayland(connection: Connection) -> bool:
    """Xwayland says so by an extension; before 23.1 only the names of its outputs told."""
    if connection.extension("XWAYLAND") is not None:
        return True
    return any(one.name.startswith("XWAYLAND") for one in monitors(connection))
