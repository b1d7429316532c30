"""What is where on the screen, as the extension tells it."""

from __future__ import annotations

import json
from typing import Any

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Monitor, Rect, ScreenMap, Unknown, VisibleWindow
from workdiary_gnome.shell import NO_EXTENSION, WINDOWS, open_bus


def survey() -> ScreenMap | Unknown:
    """Return monitors and visible windows, top first, as they are now."""
    try:
        bus = open_bus()
    except WorkdiaryError as error:
        return Unknown(reason=error.message)
    try:
        answer = bus.ask(WINDOWS, "Survey")
    except WorkdiaryError as error:
        return Unknown(reason=error.message)
    finally:
        bus.close()
    return NO_EXTENSION if answer is None else _map(json.loads(answer[0]))


def _map(told: dict[str, Any]) -> ScreenMap:
    monitors = tuple(
        Monitor(name=name, rect=_rect(place), primary=number == told["primary"])
        for number, (name, *place) in enumerate(told["monitors"])
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
