"""workdiary contract: what is agreed, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workdiary.cli.common import change, clock, json_option, reader, show_json
from workdiary.diary import typed
from workdiary.diary.money import money
from workdiary.errors import UsageError
from workdiary.slots import iso

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.diary.terms import Terms


@click.group("contract")
def contract_command() -> None:
    """Add, show, change and end contracts."""


def _terms_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each term."""
    options = [
        click.option("--title", help="A name for people."),
        click.option("--client", help="Who the work is for."),
        click.option("--fixed", is_flag=True, default=None, help="Fixed price: no time log."),
        click.option("--rate", help="Per hour, as in 50 or 47.50."),
        click.option("--currency", help="ISO 4217 code, as in EUR."),
        click.option("--limit", help="Weekly limit, as in 40h or 37h30m, or none."),
        click.option("--manual/--no-manual", default=None, help="Manual time is allowed."),
        click.option("--keep-time/--no-keep-time", default=None, help="An image may be removed and its time kept."),
        click.option("--snapshots", type=click.Choice(["active", "all", "none"]), help="Which monitors."),
        click.option("--billing", help="Name of the billing rule."),
        click.option("--protection", help="Name of the protection rule."),
        click.option("--retention-days", type=int, help="How long images are kept."),
        click.option(
            "--idle-minutes", type=int, help="Minutes without input after which you are asked about them; 0: never."
        ),
        click.option(
            "--idle", type=click.Choice(["keep", "discard"]), help="What becomes of them if you do not answer."
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


@contract_command.command("add")
@click.argument("name")
@_terms_options
@json_option
def add(name: str, *, as_json: bool, **options: Any) -> None:
    """Add a contract, for instance: contract add acme --rate 50 --currency EUR --limit 40h."""
    terms = _chosen(options)
    if "rate" not in terms and terms.get("type") != "fixed":
        raise UsageError("an hourly contract needs a rate", remedy=f"workdiary contract add {name} --rate 50")
    terms.setdefault("rate", 0)
    terms.setdefault("currency", "EUR")
    change("contract_add", contract=name, terms=terms)
    if as_json:
        _show_json(name)
    else:
        click.echo(f"Contract {name} is added. Track time on it: workdiary start {name}")


@contract_command.command("edit")
@click.argument("name")
@_terms_options
@click.option("--status", type=click.Choice(["active", "paused"]), help="Pause it or take it up again.")
@json_option
def edit(name: str, *, as_json: bool, **options: Any) -> None:
    """Change terms from now on; the earlier ones stay in the record."""
    terms = _chosen(options, _history(name)[-1].terms.currency)
    if not terms:
        raise UsageError("nothing to change was named", remedy=f"workdiary contract edit {name} --rate 60")
    _replace(name, terms, as_json=as_json)


@contract_command.command("end")
@click.argument("name")
@json_option
def end(name: str, *, as_json: bool) -> None:
    """End a contract. Its diary stays."""
    _replace(name, {"status": "ended"}, as_json=as_json)


@contract_command.command("list")
@json_option
def list_contracts(*, as_json: bool) -> None:
    """List all contracts with their present terms."""
    found = {name: history[-1].terms for name, history in sorted(reader().terms().items())}
    if as_json:
        show_json({"contracts": [{"name": name, **terms.to_entry()} for name, terms in found.items()]})
        return
    for name, terms in found.items():
        click.echo(f"{name:16} {terms.status:8} {_price(terms):>18}  {terms.client or terms.title}")


@contract_command.command("show")
@click.argument("name")
@json_option
def show(name: str, *, as_json: bool) -> None:
    """Show a contract's terms and how they changed."""
    if as_json:
        _show_json(name)
        return
    history = _history(name)
    for since in history:
        click.echo(f"since {iso(since.at)}")
        for key, value in since.terms.to_entry().items():
            text = clock(value) if key == "weekly_limit" and isinstance(value, int) else value
            click.echo(f"  {key:16} {'none' if text is None else text}")


def _history(name: str) -> Any:
    found = reader()
    found.require(name)
    return found.terms()[name]


def _show_json(name: str) -> None:
    history = _history(name)
    changes = [{"since": iso(since.at), **since.terms.to_entry()} for since in history]
    show_json({"name": name, **history[-1].terms.to_entry(), "history": changes})


def _replace(name: str, terms: dict[str, Any], *, as_json: bool) -> None:
    change("contract_edit", contract=name, terms=terms)
    if as_json:
        _show_json(name)
    else:
        click.echo(f"Contract {name} is changed. See: workdiary contract show {name}")


def _chosen(options: dict[str, Any], currency: str = "EUR") -> dict[str, Any]:
    """Return the terms that were named on the command line; a rate is in *currency* unless another is named."""
    terms = {key: value for key, value in options.items() if value is not None}
    if terms.pop("fixed", None):
        terms["type"] = "fixed"
    if "rate" in terms:
        terms["rate"] = typed.rate(terms["rate"], terms.get("currency", currency))
    if "limit" in terms:
        terms["weekly_limit"] = typed.weekly_limit(terms.pop("limit"))
    return terms


def _price(terms: Terms) -> str:
    return "fixed price" if terms.type == "fixed" else f"{money(terms.rate, terms.currency)}/h"
