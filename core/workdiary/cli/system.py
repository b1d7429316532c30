"""workdiary plugins, doctor: what is installed, what it may see, and whether it works."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from workdiary.cli.common import home, json_option, plugins, show_json
from workdiary.desk import health
from workdiary.link import client


@click.command("plugins")
@json_option
def plugins_command(*, as_json: bool) -> None:
    """List plugins: distribution, version, hooks, state. What can observe you is exactly what is listed here."""
    found = _status()
    if as_json:
        show_json({"plugins": found})
        return
    for one in found:
        name = f"{one['name']} ({one['distribution']} {one['version']})"
        click.echo(f"{name:44} {one['state']:9} {', '.join(h.removeprefix('workdiary_') for h in one['hooks'])}")
        if one["reason"]:
            click.echo(f"    {one['reason']}")


@click.command("doctor")
@json_option
@click.pass_context
def doctor_command(ctx: click.Context, *, as_json: bool) -> None:
    """Check everything that recording needs; exit 1 if something is wrong."""
    checks = health.checks(home(), plugins())
    found = _status()
    if as_json:
        show_json({"checks": [asdict(one) for one in checks], "plugins": found})
    else:
        for one in checks:
            click.echo(f"{'ok  ' if one.ok else 'BAD '} {one.name}: {one.detail}")
            if not one.ok and one.remedy:
                click.echo(f"     {one.remedy}")
        for plugin in found:
            slow = f", slowest call {plugin['slowest_ms']} ms" if plugin["calls"] else ""
            age = plugin["last_reading"]
            seen = f", last reading {age:.0f} s ago" if age is not None else ""
            click.echo(f"plugin {plugin['name']}: {plugin['state']}{seen}{slow} {plugin['reason']}".rstrip())
    if not all(one.ok for one in checks):
        ctx.exit(1)


def _status() -> list[dict[str, Any]]:
    """Return the running tracker's view, else that of this process."""
    try:
        found: list[dict[str, Any]] = client.ask(home().socket, "plugins")
    except client.NotRunningError:
        found = [asdict(one) for one in plugins().status()]
    return found
