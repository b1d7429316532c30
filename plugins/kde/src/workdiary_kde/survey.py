"""What is where on the screen, told once by a script."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from workdiary.payloads import Monitor, Rect, ScreenMap, Unknown, VisibleWindow
from workdiary_dbus.bus import DBUS
from workdiary_kde.script import Script

if TYPE_CHECKING:
    from pathlib import Path

    from workdiary_dbus.bus import Bus

PATIENCE = 2.0
SILENT = Unknown(reason="KWin's script tells no windows")


def survey(bus: Bus, place: Path) -> ScreenMap | Unknown:
    """Return monitors and visible windows, top first, as they are now.

    :raises WorkdiaryError: KWin runs no scripts.
    """
    told: list[str] = []
    script = Script(bus, "windows", place, lambda body: told.append(str(body[0])))
    try:
        script.load()
        end = time.monotonic() + PATIENCE
        while not told and time.monotonic() < end:
            bus.ask(DBUS, "GetId")  # what comes meanwhile is heard
    finally:
        script.close()
    return _map(json.loads(told[0])) if told else SILENT


def _map(told: dict[str, list[list[Any]]]) -> ScreenMap:
    monitors = tuple(
        Monitor(name=name, rect=_rect(place), primary=not number)
        for number, (name, *place) in enumerate(told["screens"])
    )
    windows = [
        VisibleWindow(app=app, title=title, handle=handle, rect=_rect(place))
        for app, title, handle, *place in reversed(told["windows"])
        if min(place[2:]) > 0
    ]
    return ScreenMap(monitors=monitors, windows=tuple(windows))


def _rect(place: list[int]) -> Rect:
    x, y, width, height = place
    return Rect(x=x, y=y, width=width, height=height)
