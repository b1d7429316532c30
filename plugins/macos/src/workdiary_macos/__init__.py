"""Counts, window, presence and places on macOS, and no picture without windows. Pictures come from mss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary_macos.plugin import checks, decide, start, survey_screen, watched
from workdiary_macos.session import Session

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Check, Decision, InputCounts, Occasion, Presence, ScreenMap, Tick, Unknown, Window

WORKDIARY_HOOK_API = (1, 0)


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Make sure that this is macOS."""
    start(context)


@hookimpl
def workdiary_stop() -> None:
    """End the watching."""
    watched.stop()


@hookimpl
def workdiary_count_input(tick: Tick) -> InputCounts | Unknown:  # noqa: ARG001 - the contract's signature
    """Return the odometers of keys and clicks."""
    return watched.watcher().read(Session.counts)


@hookimpl
def workdiary_capture_window(tick: Tick) -> Window | Unknown:  # noqa: ARG001 - the contract's signature
    """Return the active window."""
    return watched.watcher().read(Session.window)


@hookimpl
def workdiary_presence(tick: Tick) -> Presence | Unknown:  # noqa: ARG001 - the contract's signature
    """Return active and idle time, and whether the session is locked."""
    return watched.watcher().read(Session.presence)


@hookimpl
def workdiary_survey_screen(occasion: Occasion) -> ScreenMap | Unknown:  # noqa: ARG001 - the contract's signature
    """Return monitors and windows."""
    return survey_screen()


@hookimpl
def workdiary_decide_snapshot(occasion: Occasion) -> Decision | None:  # noqa: ARG001 - the contract's signature
    """Deny a picture that would have no windows in it."""
    return decide()


@hookimpl
def workdiary_checks() -> list[Check]:
    """Take one real reading of everything."""
    return checks()
