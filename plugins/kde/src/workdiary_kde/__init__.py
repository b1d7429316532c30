"""Pictures, active window and window places on KDE Plasma, for Workdiary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary_kde.plugin import checks, grab_screen, start, survey_screen, watched
from workdiary_kde.session import Session

if TYPE_CHECKING:
    import click

    from workdiary.context import PluginContext
    from workdiary.payloads import Check, Frame, Occasion, ScreenMap, Tick, Unknown, Window

WORKDIARY_HOOK_API = (1, 0)


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Make sure that there is a KWin."""
    start(context)


@hookimpl
def workdiary_stop() -> None:
    """End the watching, and take the script out of KWin."""
    watched.stop()


@hookimpl
def workdiary_capture_window(tick: Tick) -> Window | Unknown:  # noqa: ARG001 - the contract's signature
    """Return the active window."""
    return watched.watcher().read(Session.window)


@hookimpl
def workdiary_survey_screen(occasion: Occasion) -> ScreenMap | Unknown:  # noqa: ARG001 - the contract's signature
    """Return screens and visible windows, top first."""
    return survey_screen()


@hookimpl
def workdiary_grab_screen(occasion: Occasion) -> tuple[Frame, ...] | Unknown:  # noqa: ARG001 - the contract's signature
    """Return one frame for each screen."""
    return grab_screen()


@hookimpl
def workdiary_commands() -> list[click.Command]:
    """Offer ``workdiary kde``."""
    from workdiary_kde.commands import kde

    return [kde]


@hookimpl
def workdiary_checks() -> list[Check]:
    """Take one real reading of everything."""
    return checks()
