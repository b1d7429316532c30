"""Active window, window places, active and idle time on GNOME, for Workdiary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary_gnome.plugin import checks, start, watched
from workdiary_gnome.session import Session

if TYPE_CHECKING:
    import click

    from workdiary.context import PluginContext
    from workdiary.payloads import Check, Occasion, Presence, ScreenMap, Tick, Unknown, Window

WORKDIARY_HOOK_API = (1, 0)


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Make sure that there is a GNOME Shell."""
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
def workdiary_survey_screen(occasion: Occasion) -> ScreenMap | Unknown:  # noqa: ARG001 - the contract's signature
    """Return monitors and visible windows, top first."""
    from workdiary_gnome.survey import survey

    return survey()


@hookimpl
def workdiary_commands() -> list[click.Command]:
    """Offer ``workdiary gnome``."""
    from workdiary_gnome.commands import gnome

    return [gnome]


@hookimpl
def workdiary_checks() -> list[Check]:
    """Take one real reading of everything."""
    return checks()
