"""Which windows are hit, and where they may be on the desktop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.payloads import Rect
from workdiary_redact.rules import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workdiary.payloads import ScreenMap, VisibleWindow, Window
    from workdiary_redact.rules import Config

MARGIN = 8  #: desktop pixels around every covered window, for shadows and frames


@dataclass(frozen=True, kw_only=True)
class Hits:
    """What the rules found on the screen."""

    levels: dict[str, Level]  #: by window handle
    windows: tuple[VisibleWindow, ...]  #: everything that must be covered, of all readings
    rects: tuple[Rect, ...]  #: where that is, margin included

    def covers(self, window: Window) -> bool:
        """Is this window, which another source read, among the covered ones?"""
        return any(
            (window.handle and each.handle == window.handle)
            or (each.title == window.title and (each.title or each.app.casefold() == window.app.casefold()))
            for each in self.windows
        )


def find_hits(config: Config, window: Window | None, maps: Iterable[ScreenMap]) -> Hits:
    """Match every window of every reading; a window hit in one reading is hit in all, whatever its title became."""
    readings = [screen.windows for screen in maps]
    levels: dict[str, Level] = {}
    apps: set[str] = set()
    everything: list[VisibleWindow | Window] = [each for reading in readings for each in reading]
    for seen in [*everything, window] if window else everything:
        level = config.level(seen.app, seen.title)
        if level is not Level.SHOWN:
            levels[seen.handle] = max(level, levels.get(seen.handle, Level.SHOWN))
            apps.add(seen.app)
    levels.pop("", None)  # no handle names no window
    hit = tuple(each for reading in readings for each in reading if _is_hit(config, each, levels, apps))
    return Hits(levels=levels, windows=hit, rects=tuple(_cover(hit)))


def _is_hit(config: Config, window: VisibleWindow, levels: dict[str, Level], apps: set[str]) -> bool:
    if window.handle in levels or config.level(window.app, window.title) is not Level.SHOWN:
        return True
    # Menus and tooltips have no title, some not even an application; they may show what their window shows.
    return bool(apps) and not window.title and (not window.app or window.app in apps)


def _cover(windows: Iterable[VisibleWindow]) -> Iterable[Rect]:
    covered: dict[str, Rect] = {}
    for window in windows:
        if window.rect.width <= 0 or window.rect.height <= 0:
            continue
        if not window.handle:
            yield _grown(window.rect)
        elif window.handle in covered:
            # It may have been anywhere on its way while the picture was taken.
            covered[window.handle] = _union(covered[window.handle], window.rect)
        else:
            covered[window.handle] = window.rect
    yield from (_grown(rect) for rect in covered.values())


def _union(one: Rect, other: Rect) -> Rect:
    x, y = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    bottom = max(one.y + one.height, other.y + other.height)
    return Rect(x=x, y=y, width=right - x, height=bottom - y)


def _grown(rect: Rect) -> Rect:
    return Rect(x=rect.x - MARGIN, y=rect.y - MARGIN, width=rect.width + 2 * MARGIN, height=rect.height + 2 * MARGIN)
