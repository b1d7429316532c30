"""The active window, and where windows and monitors lie."""

from __future__ import annotations

from typing import Protocol

from workdiary.payloads import Monitor, Rect, ScreenMap, Unknown, VisibleWindow, Window

NOTHING = Window(app="", title="")
HIDDEN = Unknown(reason="Windows does not say which program the active window belongs to")
NO_MONITORS = Unknown(reason="Windows names no monitor")


class Screen(Protocol):
    """What Windows tells of windows and monitors."""

    def foreground(self) -> int:
        """Return the active window, 0 if there is none."""

    def title(self, window: int) -> str:
        """Return its title."""

    def program(self, window: int) -> str:
        """Return the name of its program."""

    def windows(self) -> list[int]:
        """Return what is to be seen, top first."""

    def place(self, window: int) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom."""

    def monitors(self) -> list[tuple[str, bool, tuple[int, int, int, int]]]:
        """Return name, whether it is the first, and the place of each."""


def active(screen: Screen) -> Window | Unknown:
    """Return the active window. One that is gone while it is read has no program any more: then the next is read."""
    for _ in range(2):
        handle = screen.foreground()
        if not handle:
            return NOTHING
        app, title = screen.program(handle), screen.title(handle)
        if app:
            return Window(app=app, title=title, handle=f"{handle:#x}")
    return HIDDEN


def survey(screen: Screen) -> ScreenMap | Unknown:
    """Return monitors and windows, top first."""
    monitors = tuple(
        Monitor(name=name, rect=_rect(*place), primary=primary) for name, primary, place in screen.monitors()
    )
    windows = [
        VisibleWindow(app=screen.program(one), title=screen.title(one), rect=_rect(*place), handle=f"{one:#x}")
        for one in screen.windows()
        if (place := screen.place(one))[0] < place[2] and place[1] < place[3]
    ]
    return ScreenMap(monitors=monitors, windows=tuple(windows)) if monitors else NO_MONITORS


def _rect(left: int, top: int, right: int, bottom: int) -> Rect:
    return Rect(x=left, y=top, width=right - left, height=bottom - top)
