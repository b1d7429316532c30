"""Pictures, active window and presence on Wayland, for Workdiary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary_wayland.plugin import checks, grab_screen, start, watched
from workdiary_wayland.session import Session

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Check, Frame, Occasion, Presence, Tick, Unknown, Window

WORKDIARY_HOOK_API = (1, 0)


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Make sure that there is a compositor which answers."""
    start(context)


@hookimpl
def workdiary_stop() -> None:
    """End the watching."""
    watched.stop()


@hookimpl
def workdiary_capture_window(tick: Tick) -> Window | Unknown:  # noqa: ARG001 - the contract's signature
    """Return the active window."""
    return watched.watcher().read(Session.window)


@hookimpl
def workdiary_presence(tick: Tick) -> Presence | Unknown:  # noqa: ARG001 - the contract's signature
    """Return active and idle time."""
    return watched.watcher().read(Session.presence)


@hookimpl
def workdiary_grab_screen(occasion: Occasion) -> tuple[Frame, ...] | Unknown:  # noqa: ARG001 - the contract's signature
    """Return one frame for each output."""
    return grab_screen()


@hookimpl
def workdiary_checks() -> list[Check]:
    """Take one real reading of everything."""
    return checks()
