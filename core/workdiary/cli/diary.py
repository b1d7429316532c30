"""workdiary diary, delete, manual, week."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from workdiary.cli.common import (
    UNKNOWN,
    change,
    clock,
    count,
    home,
    json_option,
    plain,
    reader,
    show_json,
    show_waiting,
)
from workdiary.cli.review import answer_json, in_force_answer, print_answer
from workdiary.diary.money import money
from workdiary.diary.typed import duration
from workdiary.diary.view import diary_json, segment_json
from workdiary.errors import UsageError
from workdiary.link import client
from workdiary.slots import (
    SLOT_SECONDS,
    YEARS,
    day_slots,
    is_locked,
    iso,
    lock_ms,
    parse_iso,
    parse_week,
    slot_of,
    week_name,
    week_of,
    week_slots,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workdiary.desk.reviews import Answer
    from workdiary.diary.model import GapView, Segment, Statement, Week

STILL_READ = "A reader holds the journal open; the last traces go when it is done."


@click.command("diary")
@click.option("--date", "day", default="", help="A UTC day, as in 2026-11-23; today if it is left out.")
@click.option("--contract", default="", help="Only this contract.")
@json_option
def diary_command(day: str, contract: str, *, as_json: bool) -> None:
    """Show a day of the diary, and what is not known about it."""
    when = _parse_day(day)
    found = reader()
    segments, gaps = found.day(when, contract)
    answers = {name: in_force_answer(found, name, week_of(day_slots(when).start)) for name in _contracts(segments)}
    reviews = [(answer.of(one) if (answer := answers[one.contract]) else "") for one in segments]
    held = [one for one in _held() if one["slot"][:10] == when.isoformat() and contract in {"", one["contract"]}]
    if as_json:
        view = diary_json(segments, gaps)
        shown = [{**one, "review": said} for one, said in zip(view["segments"], reviews, strict=True)]
        show_json({"date": when.isoformat(), **view, "segments": shown, "held_segments": held})
        return
    click.echo(f"{when.isoformat()} (UTC)")
    lines = [(one.start_ms, _segment_line(one, said)) for one, said in zip(segments, reviews, strict=True)]
    lines += [_gap_line(gap) for gap in gaps]
    lines += [_held_line(one) for one in held]
    for _, line in sorted(lines, key=lambda pair: pair[0]):
        click.echo(line)
    if not lines:
        click.echo("  nothing is recorded; the open segment appears when its ten minutes are over")
    total = sum(one.tracked_seconds for one in segments)
    billable = sum(one.billable_seconds for one in segments)
    click.echo(f"Tracked {clock(total)}, billable {clock(billable)}")


@click.command("delete")
@click.argument("segments", nargs=-1, required=True)
@click.option("--keep-time", is_flag=True, help="Remove the image alone, where the contract allows it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def delete_command(segments: tuple[str, ...], *, keep_time: bool, yes: bool, as_json: bool) -> None:
    """Erase segments for good: image, window, counts, memo, and their time.

    `open` is the segment that is being recorded now; tracking goes on.
    """
    if as_json and not yes:
        raise UsageError("erasing cannot be undone, and JSON output asks nothing", remedy="Add --yes.")
    if "open" in segments:
        _delete_open(alone=len(segments) == 1 and not keep_time, yes=yes, as_json=as_json)
        return
    found = [reader().segment(one) for one in segments]
    seconds = sum(one.billable_seconds for one in found)
    what = "the image" if keep_time else f"everything, and {clock(seconds)} of billable time"
    if not yes:
        click.confirm(f"Erase {what} of {len(found)} segment(s)? It cannot be undone", abort=True)
    done = change("delete", segments=list(segments), keep_time=keep_time)
    if as_json:
        show_json({"deleted": list(segments), "keep_time": keep_time, **done})
        return
    click.echo(f"{len(found)} segment(s) erased. A signed note that you did so stays in the diary.")
    if not done["clean"]:
        click.echo(STILL_READ)
    show_waiting(done)


def _delete_open(*, alone: bool, yes: bool, as_json: bool) -> None:
    if not alone:
        raise UsageError("the open segment is erased whole, and by itself", remedy="workdiary delete open")
    if not yes:
        click.confirm("Erase what was recorded in these ten minutes? It cannot be undone", abort=True)
    done = client.call(home().socket, "discard")["discarded"]
    if as_json:
        show_json({"deleted": ["open"], "keep_time": False, **done})
        return
    click.echo(f"{clock(done['tracked_seconds'])} and {done['images']} image(s) erased; tracking goes on.")
    if not done["clean"]:
        click.echo(STILL_READ)


@click.group("manual")
def manual_command() -> None:
    """Time that was not tracked, where the contract allows it."""


@manual_command.command("add")
@click.argument("contract")
@click.option("--from", "start", required=True, help="Begin of the first slot in UTC, as in 2026-11-23T14:00Z.")
@click.option("--for", "length", required=True, help="Whole slots of ten minutes, as in 30m.")
@click.option("--memo", default="", help="What you worked on.")
@json_option
def manual_add(contract: str, start: str, length: str, memo: str, *, as_json: bool) -> None:
    """Add manual time to CONTRACT."""
    seconds = duration(length)
    if seconds % SLOT_SECONDS or not seconds:
        raise UsageError("manual time comes in whole slots of ten minutes", remedy="Write --for 10m, 20m, 1h ...")
    done = change(
        "manual_add",
        contract=contract, start_ms=parse_iso(start), slots=seconds // SLOT_SECONDS, memo=memo,
    )  # fmt: skip
    if as_json:
        show_json({"contract": contract, "from": iso(parse_iso(start)), "seconds": seconds, **done})
    else:
        click.echo(f"{clock(seconds)} of manual time is added to {contract}.")


@click.command("week")
@click.argument("name", default="")
@click.option("--contract", default="", help="Only this contract.")
@json_option
def week_command(name: str, contract: str, *, as_json: bool) -> None:
    """Show a week's statement, as in 2026-W47; this week if it is left out."""
    now = time.time_ns() // 1_000_000
    number = parse_week(name) if name else week_of(slot_of(now))
    found = reader()
    weeks = [found.week(one, number) for one in ([contract] if contract else sorted(found.terms()))]
    answers = [in_force_answer(found, week.contract, number) for week in weeks]
    if as_json:
        contracts = [_week_json(week, answer) for week, answer in zip(weeks, answers, strict=True)]
        show_json({"week": week_name(number), "locks": iso(lock_ms(number)), "contracts": contracts})
        return
    state = "locked" if is_locked(week_slots(number).start, now) else f"open until {iso(lock_ms(number))}"
    click.echo(f"{week_name(number)} ({state})")
    for week, answer in zip(weeks, answers, strict=True):
        _print_statement(week.statement)
        if answer is not None:
            print_answer(answer, indent="  client: ")


def _contracts(segments: Iterable[Segment]) -> set[str]:
    return {one.contract for one in segments}


def _week_json(week: Week, answer: Answer | None) -> dict[str, object]:
    segments = (*week.segments, *week.carried)
    return {
        "contract": week.contract,
        "statement": week.statement.to_json(),
        "segments": [{**segment_json(one), "review": answer.of(one) if answer else ""} for one in segments],
        "review": answer_json(answer) if answer else None,
    }


def _print_statement(statement: Statement) -> None:
    click.echo(f"{statement.contract}: {money(statement.amount, statement.currency)}")
    for label, seconds in (
        ("tracked", statement.tracked_seconds),
        ("manual", statement.manual_seconds),
        ("recorded twice, billed once", statement.overlap_seconds),
        ("over the limit, not billed", statement.over_limit_seconds),
        ("deleted", statement.deleted_seconds),
        ("late, from earlier weeks", statement.late_seconds),
        ("billable", statement.billable_seconds),
    ):
        if seconds or label in ("tracked", "billable"):
            click.echo(f"  {label:28} {clock(seconds)}")
    for line in statement.lines:
        click.echo(f"  {clock(line.seconds)} at {money(line.rate, statement.currency)}/h")
    click.echo(f"  rules: {', '.join(statement.rules) or 'none'}")


def _segment_line(one: Segment, review: str) -> str:
    slot = iso(one.start_ms)[11:16]
    said = f"  [{plain(review)}]" if review.startswith("disputed") else ""
    if one.deleted:
        return f"  {slot}  {one.id:18} deleted{said}"
    if one.source == "manual":
        return f"  {slot}  {one.id:18} {clock(one.tracked_seconds)}  manual  {plain(one.memo)}{said}"
    activity = UNKNOWN if one.activity is None else f"{one.activity}/10"
    counts = f"keys {count(one.keys)}, clicks {count(one.clicks)}, scrolls {count(one.scrolls)}"
    picture = "image" if one.snapshot else f"no image: {one.snapshot_missing}"
    if one.snapshot and one.snapshot.not_noticed:
        picture += f" (nobody was told of it: {plain(one.snapshot.not_noticed)})"
    window = plain(f"{one.window[0]}: {one.window[1]}") if one.window else f"window {UNKNOWN}"
    head = f"  {slot}  {one.id:18} {clock(one.tracked_seconds)}  active {activity}  {counts}"
    return f"{head}  {picture}  [{window}]  {plain(one.memo)}{said}"


def _gap_line(gap: GapView) -> tuple[int, str]:
    start, end = iso(gap.start_ms)[11:19], iso(gap.end_ms)[11:19]
    return gap.start_ms, f"  {start[:5]}  {'':18} gap {start} to {end}: {gap.reason}"


def _held() -> list[dict[str, Any]]:
    """Return the segments that a running tracker holds back."""
    try:
        found: list[dict[str, Any]] = client.ask(home().socket, "status")["held_segments"]
    except client.NotRunningError:
        return []
    return found


def _held_line(one: dict[str, Any]) -> tuple[int, str]:
    line = f"  {one['slot'][11:16]}  {'held back':18} {clock(one['tracked_seconds'])}  {plain(one['memo'])}"
    return parse_iso(one["slot"]), f"{line}  not in the journal yet; see: workdiary status"


def _parse_day(text: str) -> date:
    if not text:
        return datetime.now(UTC).date()
    try:
        day = date.fromisoformat(text)
        if day.year not in YEARS:
            raise ValueError(text)
    except ValueError:
        raise UsageError(f'"{text}" is not a day', remedy="Write it as in 2026-11-23.") from None
    return day
