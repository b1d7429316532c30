"""workdiary image, preview: what a picture shows."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workdiary.cli.common import home, json_option, reader, show_json, write_new
from workdiary.errors import WorkdiaryError
from workdiary.slots import iso

if TYPE_CHECKING:
    from workdiary.snapshot.messages import Result


@click.command("image")
@click.argument("segment")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--number", default=1, show_default=True, help="Which of several images.")
@json_option
def image_command(segment: str, out: Path, number: int, *, as_json: bool) -> None:
    """Decrypt one image of SEGMENT to a file. From then on that file is yours to protect."""
    from workdiary.desk.desk import open_keys
    from workdiary.journal.images import open_image

    found = reader().segment(segment)
    if found.snapshot is None:
        raise WorkdiaryError(f"{segment} has no image: {found.snapshot_missing or 'deleted'}", remedy="workdiary diary")
    if not 1 <= number <= len(found.snapshot.images):
        raise WorkdiaryError(f"{segment} has {len(found.snapshot.images)} image(s)", remedy="--number 1")
    image = found.snapshot.images[number - 1]
    data = open_image(home().blobs, image.sha256, open_keys(home()))
    write_new(out, data)
    if as_json:
        show_json({"segment": segment, "out": str(out), "media_type": image.media_type, "bytes": len(data)})
    else:
        click.echo(f"{out}: {image.width}x{image.height}, taken at {iso(image.taken_at or found.snapshot.taken_at)}")


@click.command("preview")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--contract", default="", help="As this contract's snapshots would be.")
@json_option
def preview_command(out: Path, contract: str, *, as_json: bool) -> None:
    """Write exactly what a snapshot would contain now, after all filters. Nothing is recorded."""
    result = take(_monitors(contract), contract)
    window = result.window
    seen = {"app": getattr(window, "app", None), "title": getattr(window, "title", None)}
    if result.missing:
        raise WorkdiaryError(f"no image: {result.missing}", remedy="workdiary doctor")
    files = []
    for number, image in enumerate(result.images, 1):
        path = out if number == 1 else out.with_stem(f"{out.stem}-{number}")
        write_new(path, image.data)
        files.append(str(path))
    if as_json:
        show_json({"files": files, "window": seen})
    else:
        click.echo(f"{', '.join(files)}: what a snapshot would show now. Window: {seen['app']}: {seen['title']}")


def _monitors(contract: str) -> str:
    if not contract:
        return "active"
    found = reader()
    found.require(contract)
    return found.terms()[contract][-1].terms.snapshots


def take(monitors: str, contract: str) -> Result:
    """Take a picture as a snapshot would, through every filter, and give it back; nothing is recorded."""
    from workdiary import config
    from workdiary.payloads import Cause, Occasion
    from workdiary.snapshot.messages import Request
    from workdiary.snapshot.runner import Runner

    settings = config.load(home().config_file).snapshot
    occasion = Occasion(
        cause=Cause.PREVIEW,
        wall_ms=time.time_ns() // 1_000_000,
        contract=contract,
        monitors="all" if monitors == "all" else "active",
    )
    runner = Runner()
    runner.start(
        Request(
            occasion=occasion,
            recipient="",
            blobs="",
            format=settings.format,
            quality=settings.quality,
            scale=settings.scale,
        )
    )
    while True:
        result = runner.poll(time.monotonic_ns() // 1_000_000)
        if result is not None:
            return result
        time.sleep(0.01)
