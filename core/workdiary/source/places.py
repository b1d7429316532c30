"""Where monitors and windows lie, as scripts inside a compositor tell it."""

from __future__ import annotations

from typing import Any

from workdiary.payloads import Monitor, Rect, ScreenMap, VisibleWindow


def screen_map(told: dict[str, Any]) -> ScreenMap:
    """Return the map, top window first.

    :param told: ``primary``, the number of a monitor; ``monitors``, each ``[name, x, y, width, height]``; ``windows``,
        the lowest first, each ``[app, title, handle, x, y, width, height]``.
    """
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
