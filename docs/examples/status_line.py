"""An observer: keep one line about the tracker in a file, for a status bar to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary.payloads import EventKind

if TYPE_CHECKING:
    from pathlib import Path

    from workdiary.context import PluginContext
    from workdiary.payloads import Event

SHOWN = {
    EventKind.STARTED: "tracking",
    EventKind.RESUMED: "tracking",
    EventKind.PAUSED: "paused",
    EventKind.STOPPED: "stopped",
}

_file: Path | None = None


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Use the plugin's own directory; ``open_state`` makes it, private to the user."""
    global _file  # noqa: PLW0603 - a plugin is a module; this is its one piece of state
    _file = context.open_state() / "line"


@hookimpl
def workdiary_observe(event: Event) -> None:
    """Write the line. Event texts hold no window titles, so nothing private gets into the file."""
    if _file is not None and event.kind in SHOWN:
        _file.write_text(f"{SHOWN[event.kind]} {event.contract}".strip() + "\n", encoding="utf-8")
