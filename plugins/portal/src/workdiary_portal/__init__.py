"""Pictures through the desktop portal: the portable grabber of Wayland, asked after the native ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary_portal.plugin import checks, grab_screen, start, stop

if TYPE_CHECKING:
    import click

    from workdiary.context import PluginContext
    from workdiary.payloads import Check, Frame, Occasion, Unknown

WORKDIARY_HOOK_API = (1, 0)


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Make sure that there is a portal."""
    start(context)


@hookimpl
def workdiary_stop() -> None:
    """Forget what it was started with."""
    stop()


@hookimpl(trylast=True)
def workdiary_grab_screen(occasion: Occasion) -> tuple[Frame, ...] | Unknown:  # noqa: ARG001 - the contract's signature
    """Take a picture of every monitor."""
    return grab_screen()


@hookimpl
def workdiary_commands() -> list[click.Command]:
    """Offer ``workdiary portal``."""
    from workdiary_portal.commands import portal

    return [portal]


@hookimpl
def workdiary_checks() -> list[Check]:
    """Take one real picture, and forget it."""
    return checks()
