"""workdiary export, verify: the week as a file that proves itself."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workdiary.cli.common import home, json_option, plain, plugins, reader, rules, show_json
from workdiary.errors import UsageError
from workdiary.slots import parse_week, slot_of, week_name, week_of

if TYPE_CHECKING:
    from workdiary.desk.reader import Reader

NATIVE = "bundle"


@click.command("export")
@click.option("--week", "name", default="", help="As in 2026-W47; this week if it is left out.")
@click.option("--contract", default="", help="Which contract; may be left out if there is one.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--images/--no-images", default=False, help="Put the sealed images in as well.")
@click.option("--format", "kind", default=NATIVE, show_default=True, help="Or the name of a plugin's format.")
@json_option
def export_command(name: str, contract: str, out: Path, kind: str, *, images: bool, as_json: bool) -> None:
    """Write a week to a file that the other side can check with `workdiary verify`."""
    number = parse_week(name) if name else week_of(slot_of(time.time_ns() // 1_000_000))
    found = reader()
    contract = contract or _only(found)
    if kind == NATIVE:
        from workdiary.desk.desk import open_keys
        from workdiary.desk.proofs import write_bundle

        write_bundle(
            found, rules(), open_keys(home()), home().blobs, contract=contract, number=number, out=out, images=images
        )
    else:
        _with_plugin(kind, found, contract, number, out)
    if as_json:
        show_json({"out": str(out), "contract": contract, "week": week_name(number), "bytes": out.stat().st_size})
    else:
        click.echo(f"{out}: {contract}, {week_name(number)}, {out.stat().st_size} bytes")
        if kind == NATIVE:
            click.echo(f"Check it: workdiary verify {out}")


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--plain", "in_plain_words", is_flag=True, help="Say it in words for somebody who knows no hashes.")
@json_option
@click.pass_context
def verify_command(ctx: click.Context, file: Path, *, in_plain_words: bool, as_json: bool) -> None:
    """Check an export, offline. Exit 0 verified, 1 contradiction, 2 incomplete, 3 bad input."""
    from workdiary.proof.verify import verify
    from workdiary.proof.words import in_words

    report = verify(file, rules())
    if as_json:
        show_json(report.to_json())
    elif in_plain_words:
        for line in in_words(report).to_text().splitlines():
            click.echo(plain(line))
    else:
        click.echo(report.to_text(), nl=False)
    ctx.exit(report.exit_code)


def _only(found: Reader) -> str:
    names = sorted(found.terms())
    if len(names) != 1:
        raise UsageError("which contract?", remedy=f"Add --contract with one of: {', '.join(names) or 'none yet'}")
    return names[0]


def _with_plugin(kind: str, found: Reader, contract: str, number: int, out: Path) -> None:
    exporters = {one.name: one for one in plugins().exporters()}
    if kind not in exporters:
        known = ", ".join([NATIVE, *sorted(exporters)])
        raise UsageError(f'there is no format "{kind}"', remedy=f"Use one of: {known}")
    from workdiary.desk.proofs import new_file

    with new_file(out) as file:
        exporters[kind].write(found.week(contract, number), file)
