"""Counts, active window, presence and screen map on X11, for Workdiary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary_x11.plugin import checks, start, survey_screen, watched
from workdiary_x11.session import Session

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Check, InputCounts, Occasion, Presence, ScreenMap, Tick, Unknown, Window

WORKDIARY_HOOK_API = (1, 0)


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Make sure that there is an X server which lets us in."""
    start(context)


@hookimpl
def workdiary_stop() -> None:
    """End the watching."""
    watched.stop()


@hookimpl
def workdiary_count_input(tick: Tick) -> InputCounts | Unknown:  # noqa: ARG001 - the contract's signature
    """Return the odometers of keystrokes, clicks and scroll steps."""
    return watched.watcher().read(Session.counts)


@hookimpl
def workdiary_capture_window(tick: Tick) -> Window | Unknown:  # noqa: ARG001 - the contract's signature
    """Return the active window."""
    return watched.watcher().read(Session.window)


@hookimpl
def workdiary_presence(tick: Tick) -> Presence | Unknown:  # noqa: ARG001 - the contract's signature
    """Return active and idle time."""
    return watched.watcher().read(Session.presence)


@hookimpl
def workdiary_survey_screen(occasion: Occasion) -> ScreenMap | Unknown:  # noqa: ARG001 - the contract's signature
    """Return monitors and visible windows, read now."""
    return survey_screen()


@hookimpl
def workdiary_checks() -> list[Check]:
    """Take one real reading of everything."""
    return checks()
