"""workdiary export, verify: the week as a file that proves itself."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workdiary.cli.common import home, json_option, plain, plugins, reader, rules, show_json
from workdiary.desk.desk import open_keys
from workdiary.desk.proofs import new_file, sha256_of, write_bundle, write_to
from workdiary.errors import UsageError
from workdiary.exporter import Export, Exporter, Proof
from workdiary.journal.images import open_image
from workdiary.slots import parse_week, slot_of, week_name, week_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.desk.reader import Reader
    from workdiary.diary.model import Image

NATIVE, HTML = "bundle", "html"
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("export")
@click.option("--week", "name", default="", help="As in 2026-W47; this week if it is left out.")
@click.option("--contract", default="", help="Which contract; may be left out if there is one.")
@click.option("--out", type=_FILE, help="The file to write.")
@click.option("--html", "page", type=_FILE, help="Write a page to read instead, and the file that proves it beside it.")
@click.option("--images/--no-images", default=False, help="Put the images in: whoever has the file sees them.")
@click.option("--format", "kind", default=NATIVE, show_default=True, help="Or the name of a plugin's format.")
@json_option
def export_command(
    name: str, contract: str, out: Path | None, page: Path | None, kind: str, *, images: bool, as_json: bool
) -> None:
    """Write a week to a file that the other side can check with `workdiary verify`."""
    number = parse_week(name) if name else week_of(slot_of(time.time_ns() // 1_000_000))
    if (out is None) == (page is None) or (page and kind != NATIVE):
        raise UsageError("name one file to write", remedy="Add --out FILE, or --html FILE.html.")
    found = reader()
    contract = contract or _only(found)
    said: dict[str, object] = {}
    if page is not None:
        out = page
        said = _with_page(found, contract, number, page, images=images)
    elif kind == NATIVE:
        assert out is not None  # one of the two is there
        write_bundle(
            found, rules(), open_keys(home()), home().blobs, contract=contract, number=number, out=out, images=images
        )
        said = {"sha256": sha256_of(out)}
    else:
        assert out is not None  # as above
        with new_file(out) as file:
            _exporter(kind).write(Export(week=found.week(contract, number), picture=_opener(images=images)), file)
    size = out.stat().st_size
    if as_json:
        show_json({"out": str(out), "contract": contract, "week": week_name(number), "bytes": size, **said})
        return
    click.echo(f"{out}: {contract}, {week_name(number)}, {size} bytes")
    if "proof" in said:
        click.echo(f"{said['proof']}: what proves it, {said['proof_bytes']} bytes")
    if images:
        click.echo("The images are in it: whoever has it can see them.")
    if said:
        proof = said.get("proof", out)
        click.echo(f"Check it: workdiary verify {proof}")
        click.echo(f"SHA-256 of {proof}: {said['sha256']}")


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
    else:
        text = in_words(report).to_text() if in_plain_words else report.to_text()
        for line in text.split("\n")[:-1]:
            click.echo(plain(line))
    ctx.exit(report.exit_code)


def _only(found: Reader) -> str:
    names = sorted(found.terms())
    if len(names) != 1:
        raise UsageError("which contract?", remedy=f"Add --contract with one of: {', '.join(names) or 'none yet'}")
    return names[0]


def _exporter(kind: str) -> Exporter:
    exporters = {one.name: one for one in plugins().exporters()}
    if kind in exporters:
        return exporters[kind]
    if kind == HTML:
        raise UsageError("the page is made by a plugin that is not installed", remedy="pip install workdiary-web")
    known = ", ".join([NATIVE, *sorted(exporters)])
    raise UsageError(f'there is no format "{kind}"', remedy=f"Use one of: {known}")


def _with_page(found: Reader, contract: str, number: int, page: Path, *, images: bool) -> dict[str, object]:
    """Write the page and, beside it, the file that proves it; neither without the other."""
    exporter, keys, beside = _exporter(HTML), open_keys(home()), page.with_suffix(".zip")
    if page == beside:
        raise UsageError(f"{page} is the name of the file beside the page", remedy="End the page's name in .html.")
    with new_file(beside) as file:
        write_to(
            file, found, rules(), keys, home().blobs, contract=contract, number=number, images=images
        )  # fmt: skip
        file.flush()
        proof = Proof(name=beside.name, sha256=sha256_of(Path(file.name)), device=keys.device)
        with new_file(page) as out:
            export = Export(week=found.week(contract, number), picture=_opener(images=images), proof=proof)
            exporter.write(export, out)
    return {"proof": str(beside), "sha256": proof.sha256, "proof_bytes": beside.stat().st_size}


def _opener(*, images: bool) -> Callable[[Image], bytes] | None:
    if not images:
        return None
    keys = open_keys(home())
    return lambda image: open_image(home().blobs, image.sha256, keys)
