"""workdiary queue: what is on its way to the backends."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from workdiary.cli.common import home, json_option, show_json
from workdiary.desk.machine import LocalMachine
from workdiary.journal import schema
from workdiary.slots import iso


@click.group("queue", invoke_without_command=True)
@json_option
@click.pass_context
def queue_command(ctx: click.Context, *, as_json: bool) -> None:
    """Show, for each uploader, what waits, since when, and what was refused."""
    if ctx.invoked_subcommand is not None:
        return
    found = LocalMachine(home()).queue()
    if as_json:
        show_json({"queue": found})
        return
    if not found:
        click.echo("No uploader is set up: the journal on this machine is the diary.")
        click.echo("For instance: workdiary config set plugins.directory.path ~/diary")
    for one in found:
        if one["state"] == "left out":
            click.echo(f"{one['uploader']}: {one['reason']}")
            continue
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
    machine = LocalMachine(home())
    machine.retry(uploader)
    if as_json:
        show_json({"queue": machine.queue()})
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
