"""``workdiary evdev``: print what an administrator has to do, and nothing else."""

from __future__ import annotations

import os
import pwd
import sys

import click

from workdiary.errors import UsageError, WorkdiaryError
from workdiary_evdev.helper import remove_script, setup_script

TO_DO = """
To let Workdiary have the counts of input devices: read this script, then run it as root, for instance
  workdiary evdev {command} >{command}.sh; less {command}.sh; sudo sh {command}.sh
"""
user_option = click.option("--user", default="", metavar="NAME", help="For this user of the machine instead of you.")


@click.group("evdev")
def evdev() -> None:
    """Set up or take away the helper that counts keys, clicks and wheel steps on any desktop."""


@evdev.command("setup")
@user_option
def setup(user: str) -> None:
    """Print the script that sets the helper up; nothing is changed."""
    click.echo(setup_script(_find(user)), nl=False)
    _explain("setup")


@evdev.command("remove")
@user_option
def remove(user: str) -> None:
    """Print the script that takes the helper away; nothing is changed."""
    click.echo(remove_script(_find(user)), nl=False)
    _explain("remove")


def _find(name: str) -> pwd.struct_passwd:
    try:
        found = pwd.getpwnam(name) if name else pwd.getpwuid(os.getuid())
    except KeyError:
        who = f"there is no user {name!r} on this machine" if name else f"user {os.getuid()} has no name"
        raise UsageError(who, remedy="`getent passwd` lists the users.") from None
    if not found.pw_uid:
        remedy = "Run it as the user who tracks, or name that user with --user."
        raise WorkdiaryError("the helper is not for root, who can read the devices anyway", remedy=remedy)
    return found


def _explain(command: str) -> None:
    if sys.stdout.isatty():
        click.echo(TO_DO.format(command=command), err=True)
