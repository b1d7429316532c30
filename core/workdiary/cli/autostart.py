"""workdiary autostart: what is started at login."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Any

import click

from workdiary.autostart import files
from workdiary.autostart.launch import at_login, meaning
from workdiary.cli.common import json_option, show_json

if TYPE_CHECKING:
    from workdiary.autostart.files import Installed


@click.group("autostart")
def autostart_command() -> None:
    """Start with the desktop session: the tray if it is installed, else an interrupted session is gone on with."""


@autostart_command.command("enable")
@click.option("--method", type=click.Choice(files.METHODS), default="auto", show_default=True, help="Who starts it.")
@json_option
def enable(method: str, *, as_json: bool) -> None:
    """Start with the desktop session from the next login on. No session is ever begun without you."""
    made = files.enable(files.choose(method), at_login(os.environ), os.environ)
    if as_json:
        show_json(_json([made]))
    else:
        click.echo(f"From the next login on: {meaning(made.command)} ({made.method}: {made.place})")


@autostart_command.command("disable")
@json_option
def disable(*, as_json: bool) -> None:
    """Remove what `enable` wrote, and nothing else. What runs goes on."""
    gone = files.disable(os.environ)
    if as_json:
        show_json({"removed": gone})
    else:
        click.echo("\n".join(f"Removed: {place}" for place in gone) or "Nothing is started at login.")


@autostart_command.command("status")
@json_option
def status(*, as_json: bool) -> None:
    """Show what is started at login, and whether it still can be."""
    found = files.installed(os.environ)
    if as_json:
        show_json(_json(found))
        return
    if not found:
        click.echo("Nothing is started at login. To change that: workdiary autostart enable")
    for one in found:
        click.echo(f"{one.method}: {one.place}")
        click.echo(f"It starts {meaning(one.command)}: {shlex.join(one.command)}")
        if not one.interpreter_exists:
            click.echo("That interpreter is gone. Run again: workdiary autostart enable")
        if not one.enabled:
            click.echo("It is there, but not enabled. Run again: workdiary autostart enable")


def _json(found: list[Installed]) -> dict[str, Any]:
    return {
        "installed": [
            {
                "method": one.method,
                "place": one.place,
                "command": list(one.command),
                "starts": meaning(one.command),
                "interpreter_exists": one.interpreter_exists,
                "enabled": one.enabled,
            }
            for one in found
        ]
    }
