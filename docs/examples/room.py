"""A command and a check: is there room on the disk for another year of pictures?"""

from __future__ import annotations

import os
import shutil

import click

from workdiary.hooks import hookimpl
from workdiary.paths import Home
from workdiary.payloads import Check

YEAR_MB = 2000


def free_mb() -> int:
    """Return the free room where the diary lies, or will lie, in MB."""
    place = Home.find(os.environ).data
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free // 2**20


@click.command("room")
@click.option("--years", default=1, show_default=True, help="For how long.")
def room(years: int) -> None:
    """Say whether the disk has room for the pictures of so many years; exit 1 if not."""
    enough = free_mb() > years * YEAR_MB
    click.echo(f"{free_mb()} MB are free, {years * YEAR_MB} MB are needed")
    if not enough:
        click.get_current_context().exit(1)


@hookimpl
def workdiary_commands() -> list[click.Command]:
    """Add ``workdiary room``."""
    return [room]


@hookimpl
def workdiary_checks() -> list[Check]:
    """Add a line to ``workdiary doctor``."""
    free = free_mb()
    return [Check(name="room for a year", ok=free > YEAR_MB, detail=f"{free} MB free", remedy="Make room on the disk.")]
