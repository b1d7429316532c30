"""workdiary desktop-report: what works on this desktop, for a person to read and to send."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workdiary.cli.common import json_option, plain, plugins, show_json, write_new
from workdiary.desk import steps, trial
from workdiary.errors import StorageError, UsageError, WorkdiaryError
from workdiary.slots import iso

if TYPE_CHECKING:
    from workdiary.plugins.manager import Plugins

FORMAT = 1
RELEASE_S = 0.7  #: until the key that began a step is up again


@click.command("desktop-report")
@click.option(
    "--out", default="desktop-report.json", show_default=True, type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write; the text goes beside it.",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="Ask for nothing: leave out what needs hands.")
@json_option
def desktop_report_command(out: Path, *, yes: bool, as_json: bool) -> None:
    """Find out what works on this desktop: a reading of every field, a picture, and a few things that you do.

    The report names plugins, sources, reasons and times. It holds no title, picture or key, and nothing of the diary.
    """
    if not yes and not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask you on", remedy="Leave out what needs hands: --yes")
    text = _beside(out)
    try:
        report = _report(plugins(), yes=yes)
    finally:
        plugins().stop()
    said = "\n".join(_lines(report)) + "\n"
    write_new(out, (json.dumps(report, indent=2) + "\n").encode())
    write_new(text, said.encode())
    if as_json:
        show_json(report)
    else:
        click.echo(said + f"\nWritten to {out} and {text}. Read them before you send them.")


def _beside(out: Path) -> Path:
    """Return where the text goes, having made sure that both can be written: a person's three minutes are at stake."""
    text = out.with_suffix(".txt")
    if text == out:
        raise UsageError(f"{out} is where the text goes", remedy="Name the report with --out FILE.json.")
    for path in (out, text):
        if path.exists():
            raise WorkdiaryError(f"{path} exists already", remedy="Name another file with --out.")
    if not os.access(out.absolute().parent, os.W_OK | os.X_OK):
        raise StorageError(f"nothing can be written in {out.absolute().parent}", remedy="Name another file with --out.")
    return text


def _report(found: Plugins, *, yes: bool) -> dict[str, Any]:
    began = time.time_ns() // 1_000_000
    click.echo("Taking a reading of every field, and a picture that is thrown away ...", err=True)
    report = {
        "format": FORMAT,
        "made_at": iso(began),
        "workdiary": version("workdiary"),
        "system": _system(),
        "readings": trial.readings(found),
        "picture": _picture(),
        "steps": [asdict(_ask(step, found, yes=yes)) for step in steps.STEPS],
        "plugins": [_plugin(one) for one in map(asdict, found.status())],
    }
    away = str(Path.home())
    reported: dict[str, Any] = json.loads(json.dumps(report).replace(json.dumps(away)[1:-1], "~"))
    return reported


def _system() -> dict[str, str]:
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        name = ""
    return {
        "name": name or platform.system(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "says_desktop": os.environ.get("XDG_CURRENT_DESKTOP", ""),
        "says_session": os.environ.get("XDG_SESSION_TYPE", ""),
    }


def _plugin(status: dict[str, Any]) -> dict[str, Any]:
    return {key: status[key] for key in ("name", "distribution", "version", "state", "reason", "slowest_ms")}


def _picture() -> dict[str, Any]:
    """Say what would come of a snapshot now; the picture itself goes nowhere."""
    from workdiary.cli.image import take

    began = time.perf_counter()
    result = take("all", "")
    return {
        "unknown": result.missing or None,
        "sizes": [[image.width, image.height] for image in result.images],
        "took_ms": round((time.perf_counter() - began) * 1000),
    }


def _ask(step: steps.Step, found: Plugins, *, yes: bool) -> steps.Outcome:
    if yes:
        return steps.Outcome(name=step.name, result="skipped", why="it needs hands")
    outcome = steps.blind(step, found)
    if outcome is None:
        answer = click.prompt(
            f"Press Enter, then {step.ask} (s and Enter: skip)", default="", show_default=False, err=True
        )
        if answer.strip().lower() == "s":
            return steps.Outcome(name=step.name, result="skipped", why="by whoever was asked")
        time.sleep(RELEASE_S)
        click.echo("Now ...", err=True)
        outcome = steps.follow(step, found)
        _forget_typing()
    click.echo(f"{outcome.name}: {outcome.result}: {plain(outcome.why)}".rstrip(": "), err=True)
    return outcome


def _forget_typing() -> None:
    """What was typed in a step is no answer to the next question."""
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
        return
    import termios

    termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def _lines(report: dict[str, Any]) -> list[str]:
    system = report["system"]
    lines = [
        f"workdiary {report['workdiary']}, {report['made_at']}",
        f"{system['name']}, kernel {system['kernel']}, Python {system['python']}",
        f"The desktop calls itself: {system['says_desktop'] or 'nothing'}, {system['says_session'] or 'nothing'}",
        "",
    ]
    for name, one in report["readings"].items():
        lines.append(_line(name, one["unknown"], f"told by {one['source']}, {one['read_ms']} ms"))
    picture = report["picture"]
    sizes = ", ".join(f"{width}x{height}" for width, height in picture["sizes"])
    lines.append(_line("picture", picture["unknown"], f"{sizes}, {picture['took_ms']} ms"))
    lines += ["", *(f"{one['result']:8} {one['name']}: {one['why']}".rstrip(": ") for one in report["steps"]), ""]
    for one in report["plugins"]:
        lines.append(f"plugin {one['name']} {one['version']}: {one['state']}: {one['reason']}".rstrip(": "))
    return [plain(line) for line in lines]


def _line(name: str, unknown: str | None, known: str) -> str:
    return f"{name:18} {known if unknown is None else f'unknown: {unknown}'}"
