"""``workdiary doctor``: is there a place for an icon?"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from workdiary.paths import Home
from workdiary.payloads import Check
from workdiary_tray.lock import LOCK, is_locked

if TYPE_CHECKING:
    from workdiary_tray.bus import Bus

NAME = "icon"
ANSWER_S = 2.0


def checks() -> list[Check]:
    """Look for the session bus, a watcher over icons, and a panel that shows them.

    That there is none is a fault only where a tray runs: it shows nothing, and the user wonders why.
    """
    if sys.platform != "linux":
        return []
    from workdiary_tray.bus import Bus, BusGoneError

    try:
        bus = Bus.connect()
        watcher, host = _find(bus)
    except BusGoneError as error:
        return [_without(error.message, error.remedy)]
    if host:
        return [Check(name=NAME, ok=True, detail="a panel shows icons by StatusNotifierItem")]
    detail = "the watcher over icons knows no panel" if watcher else "nothing on the session bus watches over icons"
    remedy = "Add a tray to the panel; on GNOME the extension AppIndicator. Without an icon: workdiary status"
    return [_without(detail, remedy)]


def _without(detail: str, remedy: str) -> Check:
    runs = is_locked(Home.find(os.environ).runtime / LOCK)
    if runs:
        return Check(name=NAME, ok=False, detail=detail, remedy=remedy)
    return Check(name=NAME, ok=True, detail=f"no place for one ({detail}), and no tray runs")


def _find(bus: Bus) -> tuple[bool, bool]:
    """Return whether there is a watcher, and whether it knows a host."""
    import select
    import time

    from workdiary_tray.bus import PROPERTIES
    from workdiary_tray.panel import ADDRESS, WATCHER

    answers: list[tuple[Any, ...] | None] = []
    names = (WATCHER, "IsStatusNotifierHostRegistered")
    bus.call(ADDRESS.with_interface(PROPERTIES), "Get", "ss", names, then=answers.append)
    until = time.monotonic() + ANSWER_S
    while not answers and select.select([bus], [], [], max(0.0, until - time.monotonic()))[0]:
        bus.take()
    answer = answers[0] if answers else None
    return answer is not None, bool(answer and answer[0][1])
