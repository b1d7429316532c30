"""``workdiary demo``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workdiary_demo.making import Demo


@click.command("demo")
@click.option("--weeks", default=12, show_default=True, help="How many full weeks before the present one.")
@click.option(
    "--home", "root", type=click.Path(path_type=Path), help="Where; `workdiary-demo` beside your own data if left out."
)
@click.option("--seed", default=0, show_default=True, help="Another number makes another diary.")
@click.option("--hours", default=40.0, show_default=True, help="Hours of work in a week.")
@click.option("--images/--no-images", default=True, help="Whether to draw pictures; without them it is much faster.")
@click.option("--fresh", is_flag=True, help="Replace an earlier demo.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def demo(*, weeks: int, root: Path | None, seed: int, hours: float, images: bool, fresh: bool, as_json: bool) -> None:
    """Make a realistic diary under a home of its own, to try things on. Your own diary stays as it is."""
    from workdiary_demo import place
    from workdiary_demo.making import make

    live = sys.stderr.isatty() and not as_json

    def progress(done: int, total: int) -> None:
        if live:
            click.echo(f"\r\x1b[Kweek {done} of {total}", nl=done == total, err=True)

    made = make(
        root or place.default_root(),
        weeks=weeks,
        seed=seed,
        hours=hours,
        images=images,
        fresh=fresh,
        progress=progress,
    )
    click.echo(json.dumps(_as_json(made), indent=2) if as_json else _as_text(made))


def _as_json(made: Demo) -> dict[str, object]:
    return {
        "home": str(made.root),
        "weeks": list(made.weeks),
        "contracts": list(made.contracts),
        "segments": made.segments,
        "images": made.images,
        "seconds": round(made.seconds, 1),
    }


def _as_text(made: Demo) -> str:
    import shlex

    home = f"WORKDIARY_HOME={shlex.quote(str(made.root))}"
    return "\n".join(
        [
            f"A diary of {len(made.weeks)} weeks: {made.segments} segments, {made.images} pictures.",
            "Look at it:",
            f"  {home} workdiary open",
            f"  {home} workdiary week {made.weeks[-2]} --contract northwind",
            f"  {home} workdiary contract list",
            f"It is made up and may be deleted: {made.root}",
        ]
    )
