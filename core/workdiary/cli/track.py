"""workdiary start, run, stop, pause, resume, switch, memo, status."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from workdiary.cli.common import clock, count, home, json_option, reader, show_json
from workdiary.diary.typed import duration
from workdiary.link import client
from workdiary.process import spare_openssl
from workdiary.slots import iso

if TYPE_CHECKING:
    from workdiary.payloads import Event
    from workdiary.tracker.tracker import Tracker

memo_option = click.option("--memo", default="", help="What you work on; it stands in the diary.")


@click.command("start")
@click.argument("contract", default="")
@memo_option
@json_option
def start_command(contract: str, memo: str, *, as_json: bool) -> None:
    """Start tracking CONTRACT in the background.

    Without CONTRACT the session of a tracker that was killed less than a minute ago is taken up.
    """
    from workdiary.link import launch

    _print_status(launch.start(home(), contract, memo), as_json=as_json)


@click.command("run")
@click.argument("contract", default="")
@memo_option
@click.option("--for", "limit", default="", help="Stop after this long, as in 2m.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
@click.option("--safe-mode", is_flag=True, help="Load no plugins but those that are built in.")
@click.option("--take-up", is_flag=True, help="Without CONTRACT: nothing to go on with is no error. For autostart.")
def run_command(contract: str, memo: str, limit: str, *, quiet: bool, safe_mode: bool, take_up: bool) -> None:
    """Track CONTRACT in the foreground until Ctrl-C. Without CONTRACT an interrupted session is taken up."""
    spare_openssl()
    from workdiary.tracker.main import NothingToTakeUpError, Service

    end = time.monotonic() + duration(limit) if limit else None
    with Service(home(), safe_mode=safe_mode) as service:
        if service.recovered:
            click.echo(service.recovered, err=True)
        progress = _Progress(service.tracker, quiet=quiet)

        def each() -> None:
            if end is not None and time.monotonic() >= end:
                service.loop.done = True
            progress.show()

        if end is not None:
            service.loop.wake_at(end)
        try:
            service.run(contract, memo, on_event=progress.event, each=each)
        except NothingToTakeUpError as error:
            if not take_up:
                raise
            click.echo(str(error), err=True)
    progress.close()


class _Progress:
    """One live line on a terminal, and a line for each event."""

    def __init__(self, tracker: Tracker, *, quiet: bool) -> None:
        self._tracker = tracker
        self._live = not quiet and sys.stderr.isatty()
        self._quiet = quiet
        self._shown = ""

    def event(self, event: Event) -> None:
        if not self._quiet:
            self._clear()
            self._echo(f"{time.strftime('%H:%M:%S')} {event.text}\n")

    def show(self) -> None:
        recorder = self._tracker.recorder
        unsealed = recorder.shown() if recorder and self._live else []
        if not unsealed:
            return
        segment = unsealed[-1]
        names = ("keys", "clicks", "scrolls")
        columns = [[minute[index] for minute in segment.minutes] for index in range(len(names))]
        sums = [None if None in column else sum(one or 0 for one in column) for column in columns]
        counts = "  ".join(f"{name} {count(value)}" for name, value in zip(names, sums, strict=True))
        line = f"{segment.contract}  {clock(segment.tracked_ms // 1000)} in this segment  {counts}"
        if line != self._shown:
            self._shown = line
            self._echo(f"\r\x1b[K{line}")

    def close(self) -> None:
        self._clear()

    def _clear(self) -> None:
        if self._live and self._shown:
            self._shown = ""
            self._echo("\r\x1b[K")

    def _echo(self, text: str) -> None:
        try:
            click.echo(text, nl=False, err=True)
        except OSError:  # the terminal is gone; that is no reason to lose the session
            self._live, self._quiet = False, True


def _command(name: str, help_text: str) -> click.Command:
    """Return a command without arguments that the tracker carries out."""

    @click.command(name, help=help_text)
    @json_option
    def command(*, as_json: bool) -> None:
        _print_status(client.call(home().socket, name), as_json=as_json)

    return command


stop_command = _command("stop", "Stop tracking.")
pause_command = _command("pause", "Stop the clock until `resume`; the pause is shown as a gap.")
resume_command = _command("resume", "Go on after `pause`.")


@click.command("switch")
@click.argument("contract")
@memo_option
@json_option
def switch_command(contract: str, memo: str, *, as_json: bool) -> None:
    """Track CONTRACT from now on instead."""
    _print_status(client.call(home().socket, "switch", contract=contract, memo=memo), as_json=as_json)


@click.command("memo")
@click.argument("text")
@click.argument("segments", nargs=-1)
@json_option
def memo_command(text: str, segments: tuple[str, ...], *, as_json: bool) -> None:
    """Say what you work on from now on; or, with SEGMENTS, what you worked on then."""
    if not segments:
        _print_status(client.call(home().socket, "memo", memo=text), as_json=as_json)
        return
    from workdiary.cli.common import change

    done = change("edit_memo", segments=list(segments), memo=text)
    if as_json:
        show_json({"edited": list(segments), **done})
    else:
        click.echo(f"The memo of {len(segments)} segment(s) is changed.")


@click.command("idle")
@click.argument("answer", type=click.Choice(["keep", "discard", "stop"]))
@click.option("--memo", default="", help="With `keep`: what you did in that time; it stands in the diary.")
@json_option
def idle_command(answer: str, memo: str, *, as_json: bool) -> None:
    """Say what becomes of the time without input that `status` asks about.

    `keep` it as work, `discard` it and go on, or discard it and `stop`.
    """
    _print_status(client.call(home().socket, "idle", answer=answer, memo=memo), as_json=as_json)


@click.command("status")
@json_option
def status_command(*, as_json: bool) -> None:
    """Show what is being tracked."""
    try:
        status = client.ask(home().socket, "status")
    except client.NotRunningError:
        from workdiary.clock import system_clock
        from workdiary.tracker.status import stopped_status

        status = stopped_status(reader() if home().journal.exists() else None, system_clock().wall)
    _print_status(status, as_json=as_json)


def _print_status(status: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_json(status)
        return
    if status["state"] == "stopped":
        click.echo("Stopped.")
    else:
        memo = f" ({status['memo']})" if status["memo"] else ""
        click.echo(f"{status['state'].capitalize()}: {status['contract']}{memo}, process {status['pid']}")
    if status["interrupted"]:
        lost = status["interrupted"]
        click.echo(
            f"The session on {lost['contract']} was cut short: its last tick was at {iso(lost['last_tick_ms'])}."
        )
        click.echo("  Its time is kept. The next start goes on with it within a minute, and closes it there later.")
    click.echo(f"Today {clock(status['today_seconds'])}, this week {clock(status['week_seconds'])}")
    if status["idle"]:
        asked = status["idle"]
        click.echo(f"{clock(asked['seconds'])} without input since {asked['since']}. Is that work?")
        click.echo(f"  workdiary idle {'|'.join(asked['choices'])} (without an answer: {asked['default']})")
    if status["trouble"]:
        click.echo(f"Trouble: {status['trouble']}")
    if status["notice"] and "not_noticed" in status["notice"]:
        click.echo(f"The last image was not announced: {status['notice']['not_noticed']}")
    for line in _readings(status["readings"]):
        click.echo(line)
    if os.environ.get("WORKDIARY_HOME"):
        click.echo(f"Home: {os.environ['WORKDIARY_HOME']}")


def _readings(readings: dict[str, dict[str, Any]]) -> list[str]:
    """Return a line for each source with what it tells, and one for each reason why something is unknown."""
    lines: dict[str, list[str]] = {}
    for field, one in readings.items():
        if one["unknown"] is None:
            head = f"Measured by {one['source']} {one['age_seconds']} s ago: "
        else:
            ago = f"; last by {one['source']} {one['age_seconds']} s ago" if one["source"] else ""
            head = f"Unknown ({one['unknown']}{ago}): "
        lines.setdefault(head, []).append(field)
    return [head + ", ".join(fields) for head, fields in lines.items()]
