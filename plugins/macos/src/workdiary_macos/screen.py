"""The active window, the places of windows, and whether macOS shows us windows at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from workdiary.payloads import Monitor, Rect, ScreenMap, Unknown, VisibleWindow, Window

if TYPE_CHECKING:
    from workdiary_macos.api import OnScreen

REMEDY = "System Settings, Privacy & Security, Screen Recording: allow it, then start the tracker again."
FORBIDDEN = Unknown(reason="macOS shows titles and windows to nobody without the permission Screen Recording")
WITHDRAWN = Unknown(
    reason="macOS names no window of any other program: the permission Screen Recording is not in force"
)
NO_DISPLAY = Unknown(reason="macOS names no display")
NOTHING = Window(app="", title="")


class Screen(Protocol):
    """What macOS tells of windows and displays."""

    def may_record(self) -> bool:
        """Return whether there is the permission."""

    def windows(self) -> list[OnScreen]:
        """Return what is on the screen, top first."""

    def displays(self) -> list[tuple[int, bool, tuple[int, int, int, int]]]:
        """Return number, whether it is the main one, and the place of each."""


def listed(screen: Screen) -> list[OnScreen] | Unknown:
    """Return what is on the screen, top first, or why it is not shown to us: a picture would have the wallpaper alone.

    What macOS says of the permission it says once for each process, and it may be withdrawn afterwards. The names of
    other programs' windows tell the truth of now.
    """
    if not screen.may_record():
        return FORBIDDEN
    windows = screen.windows()
    others = [one for one in windows if one.process != os.getpid() and one.layer == 0]
    return WITHDRAWN if others and all(one.title is None for one in others) else windows


def active(screen: Screen) -> Window | Unknown:
    """Return the active window: the topmost usual one."""
    windows = listed(screen)
    if isinstance(windows, Unknown):
        return windows
    front = next((one for one in windows if one.layer == 0), None)
    return NOTHING if front is None else Window(app=front.app, title=front.title or "", handle=str(front.number))


def survey(screen: Screen) -> ScreenMap | Unknown:
    """Return displays and windows, menus and notices among them, top first."""
    windows = listed(screen)
    if isinstance(windows, Unknown):
        return windows
    monitors = tuple(
        Monitor(name=str(number), rect=_rect(place), primary=main) for number, main, place in screen.displays()
    )
    visible = tuple(
        VisibleWindow(app=one.app, title=one.title or "", rect=_rect(one.place), handle=str(one.number))
        for one in windows
        if min(one.place[2:]) > 0
    )
    return ScreenMap(monitors=monitors, windows=visible) if monitors else NO_DISPLAY


def _rect(place: tuple[int, int, int, int]) -> Rect:
    x, y, width, height = place
    return Rect(x=x, y=y, width=width, height=height)
