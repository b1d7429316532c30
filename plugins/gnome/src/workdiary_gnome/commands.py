"""``workdiary gnome``: put the extension where GNOME Shell finds it, or take it away."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

UUID = "windows@workdiary"
MEANING = """\
GNOME tells its windows only to extensions of its own. Workdiary's is one file of about seventy lines:
  {source}
It tells every program on your session bus the application and title of the active window, and where windows lie.
"""
NEXT = "Log out and in, then: gnome-extensions enable " + UUID


def place() -> Path:
    """Where the extension lies, if it is installed."""
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")  # noqa: PTH111 - never raises
    return Path(data) / "gnome-shell" / "extensions" / UUID


@click.group("gnome")
def gnome() -> None:
    """Install the extension of GNOME Shell that tells the active window, or remove it."""


@gnome.command("install-extension")
@click.option("--yes", is_flag=True, help="Do not ask.")
def install(*, yes: bool) -> None:
    """Say what it tells to whom, ask, and copy it to where GNOME Shell finds it."""
    source = Path(__file__).with_name("extension")
    click.echo(MEANING.format(source=source / "extension.js"))
    if not yes:
        click.confirm("Shall it be installed?", abort=True)
    shutil.copytree(source, place(), dirs_exist_ok=True)
    click.echo(f"{place()} is written. {NEXT}")


@gnome.command("remove-extension")
def remove() -> None:
    """Take the extension away."""
    shutil.rmtree(place(), ignore_errors=True)
    click.echo("The extension is removed; it ends when you log out.")
