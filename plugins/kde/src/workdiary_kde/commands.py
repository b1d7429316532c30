"""``workdiary kde``: have KWin hand out pictures, or no more."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

MEANING = """\
KWin hands out pictures only to programs that a desktop file names. A Python program is known to it as its interpreter:
  {interpreter}
So every program that this interpreter runs may take pictures of your screen afterwards, not Workdiary alone. If you do
not want that, install Workdiary with an interpreter of its own: python3 -m venv --copies ENVIRONMENT
"""
ENTRY = """\
[Desktop Entry]
Type=Application
Name=Workdiary snapshots
NoDisplay=true
Exec={interpreter}
X-KDE-DBUS-Restricted-Interfaces=org.kde.KWin.ScreenShot2
"""


def entry() -> Path:
    """Where the desktop file is, if pictures are allowed."""
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")  # noqa: PTH111 - never raises
    return Path(data) / "applications" / "org.workdiary.snapshots.desktop"


@click.group("kde")
def kde() -> None:
    """Allow KWin to hand out pictures of the screen, or take that back."""


@kde.command("allow-pictures")
@click.option("--yes", is_flag=True, help="Do not ask.")
def allow(*, yes: bool) -> None:
    """Say what it means, ask, and write the desktop file that KWin wants."""
    interpreter = Path(sys.executable).resolve()
    click.echo(MEANING.format(interpreter=interpreter))
    if not yes:
        click.confirm("Shall KWin hand out pictures to it?", abort=True)
    entry().parent.mkdir(parents=True, exist_ok=True)
    entry().write_text(ENTRY.format(interpreter=interpreter), encoding="utf-8")
    click.echo(f"{entry()} is written. `workdiary doctor` shows whether pictures come; if not, log in again.")


@kde.command("forbid-pictures")
def forbid() -> None:
    """Take the desktop file away."""
    entry().unlink(missing_ok=True)
    click.echo("KWin hands out no pictures any more; until you log in again it may still do so.")
