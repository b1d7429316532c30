"""Pictures, active window and window places on KDE Plasma, for Workdiary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary_kde.plugin import Plugin, checks
from workdiary_kde.session import Session

if TYPE_CHECKING:
    import click

    from workdiary.context import PluginContext
    from workdiary.payloads import Check, Frame, Occasion, ScreenMap, Tick, Unknown, Window

WORKDIARY_HOOK_API = (1, 0)

_plugin = Plugin()


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Make sure that there is a KWin."""
    _plugin.start(context)


@hookimpl
def workdiary_stop() -> None:
    """End the watching, and take the script out of KWin."""
    _plugin.stop()


@hookimpl
def workdiary_capture_window(tick: Tick) -> Window | Unknown:  # noqa: ARG001 - the contract's signature
    """Return the active window."""
    return _plugin.watcher().read(Session.window)


@hookimpl
def workdiary_survey_screen(occasion: Occasion) -> ScreenMap | Unknown:  # noqa: ARG001 - the contract's signature
    """Return screens and visible windows, top first."""
    from workdiary_kde.survey import survey

    return _plugin.once(survey)


@hookimpl
def workdiary_grab_screen(occasion: Occasion) -> tuple[Frame, ...] | Unknown:  # noqa: ARG001 - the contract's signature
    """Return one frame for each screen."""
    from workdiary_kde.picture import grab

    return _plugin.once(grab)


@hookimpl
def workdiary_commands() -> list[click.Command]:
    """Offer ``workdiary kde``."""
    from workdiary_kde.commands import kde

    return [kde]


@hookimpl
def workdiary_checks() -> list[Check]:
    """Take one real reading of everything."""
    return checks()
