"""What is where on the screen, told once by a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workdiary.payloads import ScreenMap, Unknown
from workdiary.source.places import screen_map
from workdiary_kde.script import Script

if TYPE_CHECKING:
    from pathlib import Path

    from workdiary_dbus.bus import Bus

SILENT = Unknown(reason="KWin's script tells no windows")


def survey(bus: Bus, place: Path) -> ScreenMap | Unknown:
    """Return monitors and visible windows, top first, as they are now.

    :raises WorkdiaryError: KWin runs no scripts.
    """
    told: list[str] = []
    script = Script(bus, "windows", place, lambda body: told.append(str(body[0])))
    try:
        script.load()
        return screen_map(json.loads(told[0])) if bus.until(lambda: bool(told)) else SILENT
    finally:
        script.close()
