"""workdiary queue: what is on its way to the backends."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from workdiary.cli.common import home, json_option, plugins, show_json
from workdiary.errors import UsageError
from workdiary.journal import schema
from workdiary.link import client
from workdiary.slots import iso


@click.group("queue", invoke_without_command=True)
@json_option
@click.pass_context
def queue_command(ctx: click.Context, *, as_json: bool) -> None:
    """Show, for each uploader, what waits, since when, and what was refused."""
    if ctx.invoked_subcommand is not None:
        return
    found = _queue()
    if as_json:
        show_json({"queue": found})
        return
    if not found:
        click.echo("No uploader is set up: the journal on this machine is the diary.")
        click.echo("For instance: workdiary config set plugins.directory.path ~/diary")
    for one in found:
        oldest = f", oldest from {iso(one['oldest_at'])}" if one["oldest_at"] is not None else ""
        click.echo(f"{one['uploader']}: {one['pending']} waiting{oldest}, {one['quarantined']} refused; {one['state']}")
        if one["reason"]:
            until = f"; next look at {iso(one['next_try_at'])}" if one["next_try_at"] is not None else ""
            click.echo(f"  {one['reason']}{until}")


@queue_command.command("retry")
@click.argument("uploader")
@json_option
def retry(uploader: str, *, as_json: bool) -> None:
    """Offer again what UPLOADER refused, and go on if it was paused."""
    try:
        client.call(home().socket, "retry", uploader=uploader)
    except client.NotRunningError:
        _retry_without_tracker(uploader)
    if as_json:
        show_json({"queue": _queue()})
    else:
        click.echo(f"{uploader} is offered again what it refused, while the tracker runs.")


@queue_command.command("export")
@click.argument("uploader")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="A directory.")
@json_option
def export(uploader: str, out: Path, *, as_json: bool) -> None:
    """Write what UPLOADER refused to files."""
    from workdiary.delivery import queue

    with contextlib.closing(schema.connect_readonly(home().journal)) as connection:
        written = queue.export(connection, uploader, out)
    if as_json:
        show_json({"uploader": uploader, "written": written, "out": str(out)})
    else:
        click.echo(f"{written} entries of {uploader} are in {out}.")


def _retry_without_tracker(uploader: str) -> None:
    from workdiary.delivery import queue

    names = [one.name for one in plugins().uploaders()]
    if uploader not in names:
        known = ", ".join(names) or "none is set up"
        raise UsageError(f'there is no uploader "{uploader}" (known: {known})', remedy="workdiary queue")
    schema.connect_readonly(home().journal).close()  # a diary is not made by asking
    with contextlib.closing(schema.connect(home().journal)) as connection:
        queue.retry(connection, uploader)


def _queue() -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = client.call(home().socket, "queue")
    except client.NotRunningError:
        from workdiary.delivery import queue

        if not home().journal.exists():
            return []
        names = [one.name for one in plugins().uploaders()]
        with contextlib.closing(schema.connect_readonly(home().journal)) as connection:
            found = queue.queue(connection, names)
    return found
