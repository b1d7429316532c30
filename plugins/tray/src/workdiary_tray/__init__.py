"""The tray: what is tracked, on the desktop's panel. Every workdiary process imports this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from workdiary.payloads import Check


@hookimpl
def workdiary_commands() -> Iterable[click.Command]:
    """Offer ``workdiary tray``."""
    from workdiary_tray.command import tray

    return [tray]


@hookimpl
def workdiary_checks() -> list[Check]:
    """Say whether there is a place for an icon."""
    from workdiary_tray.checks import checks

    return checks()
