"""What is where on the screen, as the extension tells it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workdiary.source.places import screen_map
from workdiary_dbus.program import once
from workdiary_gnome.shell import NO_EXTENSION, WINDOWS, open_bus

if TYPE_CHECKING:
    from workdiary.payloads import ScreenMap, Unknown
    from workdiary_dbus.bus import Bus


def survey() -> ScreenMap | Unknown:
    """Return monitors and visible windows, top first, as they are now."""
    return once(open_bus, _ask)


def _ask(bus: Bus) -> ScreenMap | Unknown:
    answer = bus.ask(WINDOWS, "Survey")
    return NO_EXTENSION if answer is None else screen_map(json.loads(answer[0]))
