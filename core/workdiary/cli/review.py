"""workdiary review: the client's signed answer, and how the freelancer takes it in."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workdiary.cli.common import clock, home, json_option, plain, reader, rules, show_json
from workdiary.diary.money import money
from workdiary.errors import UsageError
from workdiary.slots import iso, parse_week, week_name

if TYPE_CHECKING:
    from workdiary.desk.reader import Reader
    from workdiary.desk.reviews import Answer
    from workdiary.review.form import Review

_FILE = click.Path(path_type=Path, dir_okay=False)


class _Short(click.Group):
    """``review FILE ...`` is short for ``review make FILE ...``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command in where a file stands in its place."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group("review", cls=_Short)
def review_command() -> None:
    """Answer a received week, or take an answer in. `review FILE ...` is short for `review make FILE ...`."""


@review_command.command("make")
@click.argument("file", type=_FILE)
@click.option("--approve", is_flag=True, help="Approve the whole week.")
@click.option("--dispute", multiple=True, metavar="SEGMENT", help="Do not accept this segment; may be repeated.")
@click.option("--reason", multiple=True, help="Why: one for each --dispute in order, or one for all.")
@click.option("--name", default="", help="Your name, for the freelancer to read.")
@click.option("--out", type=_FILE, help="The file to write; else CONTRACT-WEEK.review.json, here.")
@json_option
def make_command(
    file: Path, dispute: tuple[str, ...], reason: tuple[str, ...], name: str, out: Path | None,
    *, approve: bool, as_json: bool,
) -> None:  # fmt: skip
    """Answer the export FILE with a signed file to send back: approve it, or all of it but some segments."""
    from workdiary.desk.desk import own_keys
    from workdiary.desk.proofs import new_file
    from workdiary.desk.received import ReceivedBook

    reasons = _reasons(dispute, reason, approve=approve)
    book = ReceivedBook(file, rules(), lambda: own_keys(home()))
    review = book.answer(reasons, name=name, at_ms=time.time_ns() // 1_000_000)
    out = out or Path(review.file_name)
    with new_file(out) as opened:
        opened.write(review.data)
    if as_json:
        show_json({"out": str(out), **_review_json(review)})
        return
    click.echo(f"{out}: {_said(review)}")
    for segment, why in review.reasons().items():
        click.echo(f"  {segment}: {plain(why)}")
    click.echo(f"Signed by your key {review.fingerprint}. Send the file back; tell its key by another way, once.")


@review_command.command("import")
@click.argument("file", type=_FILE)
@click.option("--accept-key", is_flag=True, help="Trust a new key, after you asked the client about it.")
@json_option
def import_command(file: Path, *, accept_key: bool, as_json: bool) -> None:
    """Check a client's answer against your diary and keep it."""
    from workdiary.clock import system_clock
    from workdiary.desk.reviews import take
    from workdiary.review.form import MAX_BYTES

    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)  # a larger one is no review, and is not needed to say so
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}", remedy="Is it the right name?") from None
    done = take(home(), reader(), rules(), data, accept_key=accept_key, now_ms=system_clock().wall)
    review = done.answer.review
    assert review is not None  # it was read a moment ago
    if as_json:
        show_json({**answer_json(done.answer), "new": done.new, "first": done.first})
        return
    click.echo("It is kept." if done.new else "It was kept already; nothing has changed.")
    print_answer(done.answer)
    if done.first and done.new:
        click.echo(f"This key answers {review.body.contract} for the first time: {review.fingerprint}")
        click.echo("  Compare it with the client, once, by another way than the file came.")


@review_command.command("list")
@click.option("--contract", default="", help="Only this contract.")
@click.option("--week", default="", help="Only this week, as in 2026-W47.")
@json_option
def list_command(contract: str, week: str, *, as_json: bool) -> None:
    """Show the answers that were taken in, and what became of what they dispute."""
    from workdiary.desk.reviews import answers

    if week:
        parse_week(week)
    found = answers(home(), reader(), rules(), contract, week)
    if as_json:
        show_json({"reviews": [answer_json(one) for one in found]})
        return
    for one in found:
        print_answer(one)
    if not found:
        click.echo("No answer was taken in yet: workdiary review import FILE")


def _reasons(disputed: tuple[str, ...], reasons: tuple[str, ...], *, approve: bool) -> dict[str, str]:
    if approve == bool(disputed):
        raise UsageError("approve the week, or name what you dispute", remedy="--approve, or --dispute SEGMENT.")
    if disputed and len(reasons) not in (1, len(disputed)):
        raise UsageError("each disputed segment needs its reason", remedy="--dispute SEGMENT --reason TEXT, in order.")
    if reasons and not disputed:
        raise UsageError("a reason without a disputed segment", remedy="--dispute SEGMENT --reason TEXT")
    if len(set(disputed)) != len(disputed):
        raise UsageError("a segment is disputed twice", remedy="Give one reason for each.")
    return dict(zip(disputed, reasons * len(disputed) if len(reasons) == 1 else reasons, strict=True))


def _said(review: Review) -> str:
    body = review.body
    money_text = money(body.approved.amount, body.approved.currency)
    left = f"{clock(body.approved.seconds)}, {money_text}"
    if body.verdict == "approved":
        return f"{body.contract}, {body.week}: approved, {left}"
    return f"{body.contract}, {body.week}: {len(body.disputed)} segment(s) disputed, the rest approved, {left}"


def in_force_answer(found: Reader, contract: str, number: int) -> Answer | None:
    """Return the answer to a week that counts, if there is one."""
    from workdiary.desk.reviews import answers, in_force

    return in_force(answers(home(), found, rules(), contract, week_name(number)))


def print_answer(one: Answer, indent: str = "") -> None:
    """Print an answer, and what became of what it disputes."""
    if one.review is None:
        click.echo(f"{one.name}: cannot be used: {plain(one.trouble)}")
        return
    body = one.review.body
    who = plain(body.reviewer.name) or "the client"
    state = "" if one.in_force else " (a later answer counts)"
    click.echo(f"{indent}{_said(one.review)}; by {who}, {iso(body.at)}{state}")
    for segment, why in one.review.reasons().items():
        since = f" ({one.since[segment]})" if segment in one.since else ""
        click.echo(f"{' ' * len(indent)}  {segment:18} disputed: {plain(why)}{since}")


def _review_json(review: Review) -> dict[str, Any]:
    body = review.body
    return {
        "contract": body.contract,
        "week": body.week,
        "verdict": body.verdict,
        "at": iso(body.at),
        "name": body.reviewer.name,
        "key": review.fingerprint,
        "approved_seconds": body.approved.seconds,
        "approved_amount": body.approved.amount,
        "currency": body.approved.currency,
        "disputed": [{"id": segment, "reason": why} for segment, why in review.reasons().items()],
    }


def answer_json(one: Answer) -> dict[str, Any]:
    """Return an answer for JSON output."""
    view: dict[str, Any] = {"file": one.name, "contract": one.contract, "week": one.week, "in_force": one.in_force}
    if one.review is None:
        return {**view, "trouble": one.trouble}
    said = _review_json(one.review)
    disputed = [{**each, "since": one.since.get(each["id"], "")} for each in said["disputed"]]
    return {**view, **said, "disputed": disputed, "trouble": ""}
