"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check
from workdiary.source.watched import Watched, check
from workdiary_gnome.session import Session, open_session
from workdiary_gnome.shell import open_bus

if TYPE_CHECKING:
    from workdiary.context import PluginContext

NAME = "GNOME Shell"


watched: Watched[Session] = Watched(NAME, lambda _context: open_session())


def start(context: PluginContext) -> None:
    """Make sure that there is a GNOME Shell.

    :raises NotHereError: there is none.
    """
    open_bus().close()
    watched.start(context)


def checks() -> list[Check]:
    """Take one real reading of everything."""
    try:
        session = open_session()
    except WorkdiaryError as error:
        remedy = "Start the tracker from within the desktop."
        return [Check(name="GNOME Shell", ok=False, detail=error.message, remedy=error.remedy or remedy)]
    window, active = session.window(), session.presence().active_ms
    session.close()
    return [
        check("GNOME active window", window, "workdiary gnome install-extension"),
        check("GNOME idle monitor", active, "Is this GNOME older than 3.38?"),
    ]
