"""``workdiary tray``: hands over to a fresh and small process."""

from __future__ import annotations

import os
import sys

import click


@click.command("tray")
def tray() -> None:
    """Show an icon in the desktop's panel: what is tracked, and a menu to steer it.

    It runs until the session ends or "Quit tray" is chosen, also while nothing is tracked. A second one leaves at once.
    """
    command = [sys.executable, "-m", "workdiary_tray"]
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform == "win32":  # it has no exec that keeps the process
        import subprocess

        sys.exit(subprocess.call(command))
    os.execv(sys.executable, command)  # noqa: S606  # what the command line has loaded would stay in memory for days
