"""``workdiary doctor``: is there a place for an icon?"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from workdiary.paths import Home
from workdiary.payloads import Check
from workdiary_tray.lock import LOCK, is_locked

if TYPE_CHECKING:
    from workdiary_dbus.bus import Bus

NAME = "icon"


def checks() -> list[Check]:
    """Look for the session bus, a watcher over icons, and a panel that shows them.

    That there is none is a fault only where a tray runs: it shows nothing, and the user wonders why.
    """
    if sys.platform != "linux":
        return []
    from workdiary.errors import WorkdiaryError
    from workdiary_dbus.bus import Bus, session_address

    try:
        bus = Bus.connect(session_address())
        watcher, host = _find(bus)
    except WorkdiaryError as error:
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
    from workdiary_dbus.served import PROPERTIES
    from workdiary_tray.panel import ADDRESS, WATCHER

    names = (WATCHER, "IsStatusNotifierHostRegistered")
    answer = bus.ask(ADDRESS.with_interface(PROPERTIES), "Get", "ss", names)
    return answer is not None, bool(answer and answer[0][1])
