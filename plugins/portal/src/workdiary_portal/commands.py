"""``workdiary portal``: have the desktop's portal hand out pictures, or no more."""

from __future__ import annotations

import os
import time

import click

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Unknown

PATIENCE_S = 120.0
MEANING = """\
Your desktop gives pictures of the screen only to programs that you allow. It will ask you now, once:
a dialog of your desktop appears, which may name no program, or the one that started this command.

What that means: from then on programs that your desktop cannot tell from this one may take pictures without asking.
Workdiary takes one at each snapshot and no other. Your desktop writes it into a file, which Workdiary removes at once:
for some milliseconds an unredacted picture lies on your disk. There is no way around that with this desktop.
You take it back in your desktop's settings, or with: workdiary portal forbid-pictures
"""


@click.group("portal")
def portal() -> None:
    """Allow the desktop's portal to hand out pictures of the screen, or take that back."""


@portal.command("allow-pictures")
@click.option("--yes", is_flag=True, help="Do not ask before the desktop does.")
def allow(*, yes: bool) -> None:
    """Say what it means, have the desktop ask, and take one picture, which is thrown away."""
    from workdiary.paths import Home
    from workdiary_portal import permission, plugin
    from workdiary_portal.request import open_bus

    click.echo(MEANING)
    if not yes:
        click.confirm("Shall the desktop ask you now?", abort=True)
    bus = open_bus()
    try:
        found = plugin.picture(bus, time.monotonic() + PATIENCE_S)
        if isinstance(found, Unknown):
            raise WorkdiaryError(f"no picture came: {found.reason}", remedy="Run it again, and allow it in the dialog.")
        home = Home.find(os.environ)
        home.prepare()
        permission.note(home.plugin_state("portal"), bus)
    finally:
        bus.close()
    click.echo(f"A picture of {len(found)} monitor(s) came, and was thrown away. Snapshots have pictures from now on.")


@portal.command("forbid-pictures")
def forbid() -> None:
    """Take no more pictures through the portal."""
    from workdiary.paths import Home
    from workdiary_portal import permission

    permission.forget(Home.find(os.environ).plugin_state("portal"))
    click.echo("Workdiary asks the portal for no more pictures. Your desktop's settings may still list the permission.")
