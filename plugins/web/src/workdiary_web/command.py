"""``workdiary open``."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import click

from workdiary.cli.common import home, json_option, show_json
from workdiary.errors import UsageError, WorkdiaryError
from workdiary.process import error_of, in_background

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from workdiary_web.server.place import Place, Running

PROGRAM = [sys.executable, "-P", "-m", "workdiary_web.server.main"]
START_TIMEOUT_S = 15.0


@click.command("open")
@click.argument("file", default="")
@click.option("--print", "only_print", is_flag=True, help="Print the one-time address instead of opening a browser.")
@json_option
def open_command(file: str, *, only_print: bool, as_json: bool) -> None:
    """Open the diary in the browser, or a received FILE, which can only be read.

    The address works once, within a minute. What serves the pages ends ten minutes after the last look.
    """
    address = _address(_existing(file))
    opened = not only_print and _has_desktop() and _open(address)
    if as_json:
        show_json({"address": address, "opened": opened})
    elif only_print:
        click.echo(address)
    elif opened:
        click.echo("The diary opens in your browser.")
    else:
        click.echo(
            f"There is no browser to open here. Open this on this machine within a minute; it works once:\n{address}"
        )


def _existing(file: str) -> Path | None:
    from pathlib import Path

    if not file:
        return None
    path = Path(file).absolute()  # the process works in another directory
    if not path.is_file():
        raise UsageError(f"{file}: there is no such file", remedy="Name an export, as in: workdiary open week.zip")
    return path


def _address(file: Path | None) -> str:
    """Return a one-time address of the process, which is started if there is none."""
    from workdiary_web.server.links import mint
    from workdiary_web.server.place import Place

    home().prepare()
    place = Place.of(home(), file)
    running = place.running() or _start(place, file)
    ticket = mint(place.secret.read_bytes(), running.base, now=time.time())
    return f"http://127.0.0.1:{running.port}{running.base}/enter/{ticket}"


def _start(place: Place, file: Path | None) -> Running:
    """Start the process and wait until it listens; its own error is ours if it ends instead."""
    process = _spawn(file)
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if (running := place.running()) is not None:
            return running
        if process.poll():
            raise error_of(process, "the web process")
        if process.poll() == 0:  # it gave way to another one, which begins, or is about to end
            process = _spawn(file)
        time.sleep(0.01)
    process.kill()
    raise WorkdiaryError("the web process did not answer in time", remedy="workdiary doctor")


def _spawn(file: Path | None) -> subprocess.Popen[str]:
    return in_background([*PROGRAM, *(["--file", str(file)] if file else [])])


def _has_desktop() -> bool:
    """Whether a browser with a window can be opened; one in the terminal would be no help."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


def _open(address: str) -> bool:
    import webbrowser

    return webbrowser.open(address)
