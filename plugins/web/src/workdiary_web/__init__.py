"""The work diary in the browser. Nothing of it is imported before ``workdiary open`` is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click


@hookimpl
def workdiary_commands() -> Iterable[click.Command]:
    """Offer ``workdiary open``."""
    from workdiary_web.command import open_command

    return [open_command]
