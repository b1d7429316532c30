"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary.source.watched import Watched, check
from workdiary_dbus.program import once
from workdiary_kde.script import open_bus
from workdiary_kde.session import Session, open_session

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Frame, ScreenMap

NAME = "KWin"

watched: Watched[Session] = Watched(NAME, lambda context: open_session(context.state_directory))


def start(context: PluginContext) -> None:
    """Make sure that there is a KWin.

    :raises NotHereError: there is none.
    """
    open_bus().close()
    context.open_state()
    watched.start(context)


def survey_screen() -> ScreenMap | Unknown:
    """Have a script tell once what is where."""
    from workdiary_kde.survey import survey

    return once(open_bus, lambda bus: survey(bus, watched.context.state_directory))


def grab_screen() -> tuple[Frame, ...] | Unknown:
    """Take a picture of every screen."""
    from workdiary_kde.picture import grab

    return once(open_bus, lambda bus: grab(bus, watched.context.state_directory))


def checks() -> list[Check]:
    """Take one real reading of everything."""
    from workdiary_kde.picture import grab

    name, remedy = "KWin active window", "Log in to Plasma, and start the tracker from there."
    with tempfile.TemporaryDirectory(prefix="workdiary-") as folder:
        place = Path(folder)
        try:
            open_session(place).close()
        except WorkdiaryError as error:
            return [Check(name=name, ok=False, detail=error.message, remedy=error.remedy or remedy)]
        picture = once(open_bus, lambda bus: grab(bus, place))
    window, remedy = Check(name=name, ok=True, detail="readings come"), "workdiary kde allow-pictures"
    if isinstance(picture, Unknown):
        return [window, check("KWin picture", picture, remedy)]
    return [window, Check(name="KWin picture", ok=True, detail=f"{len(picture)} screen(s) can be read")]
