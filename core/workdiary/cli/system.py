"""workdiary plugins, doctor: what is installed, what it may see, and whether it works."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from workdiary.cli.common import home, json_option, plugins, show_json
from workdiary.link import client
from workdiary.payloads import Check, Tick
from workdiary.slots import slot_of

if TYPE_CHECKING:
    from workdiary.plugins.manager import Answer


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
    checks = [*_core_checks(), *_readings(), *plugins().checks()]
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
        found: list[dict[str, Any]] = client.call(home().socket, "plugins")
    except client.NotRunningError:
        found = [asdict(one) for one in plugins().status()]
    return found


def _core_checks() -> list[Check]:
    import apsw

    from workdiary.journal import schema
    from workdiary.journal.keeper import COMFORT_BYTES

    checks = [Check(name="python", ok=sys.version_info >= (3, 11), detail=sys.version.split()[0])]
    version = apsw.sqlite_lib_version()
    safe = tuple(int(part) for part in version.split(".")) >= schema.SAFE_SQLITE
    checks.append(Check(name="sqlite", ok=safe, detail=version, remedy="pip install --upgrade apsw"))
    place = home().data if home().data.exists() else home().data.parent
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free // 2**20
    checks.append(
        Check(name="disk", ok=free > COMFORT_BYTES // 2**20, detail=f"{free} MB free", remedy="Make room on the disk.")
    )
    private = not home().data.exists() or not home().data.stat().st_mode & 0o077
    checks.append(
        Check(name="privacy of files", ok=private, detail=str(home().data), remedy=f"chmod 700 {home().data}")
    )
    if home().journal.exists():
        checks.append(_journal_check())
    return [*checks, _notice_check()]


def _notice_check() -> Check:
    """Without a notifier tracking goes on; each image then says that nobody was told of it."""
    names = [one.name for one in plugins().status() if "workdiary_notify" in one.hooks and one.state != "disabled"]
    names = [name for name in names if name != "null_sources"]
    detail = f"snapshots are announced by {', '.join(names)}" if names else "no notifier: snapshots are not announced"
    return Check(name="notices", ok=bool(names), detail=detail, remedy="pip install workdiary-notify")


def _journal_check() -> Check:
    import apsw

    from workdiary.journal import schema

    try:
        connection = schema.connect_readonly(home().journal)
        answer = str(connection.pragma("quick_check"))
    except apsw.Error as error:
        answer = type(error).__name__
    return Check(
        name="journal",
        ok=answer == "ok",
        detail=answer,
        remedy="It is mended, and the damaged file kept, at the next start.",
    )


def _readings() -> list[Check]:
    """Take one real reading of every source; a constructor that succeeded proves nothing."""
    from workdiary.clock import system_clock
    from workdiary.payloads import Unknown

    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return [
            Check(
                name="desktop",
                ok=False,
                detail="there is no desktop session here",
                remedy="Run it in your desktop, or try: ./contrib/track",
            )
        ]
    now = system_clock()
    tick = Tick(wall_ms=now.wall, mono_ms=now.mono, slot=slot_of(now.wall))
    found: dict[str, Answer[Any]] = {
        "input counts": plugins().count_input(tick),
        "active window": plugins().capture_window(tick),
        "presence": plugins().presence(tick),
    }
    plugins().stop()
    return [
        Check(
            name=name,
            ok=not isinstance(answer.value, Unknown),
            detail=answer.value.reason if isinstance(answer.value, Unknown) else f"measured by {answer.plugin}",
            remedy="See `workdiary plugins` for what is installed.",
        )
        for name, answer in found.items()
    ]
