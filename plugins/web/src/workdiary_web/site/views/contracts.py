"""Contracts: all of them, and one with the history of its terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from workdiary.errors import RuleError, UsageError
from workdiary.slots import slot_of, week_of
from workdiary_web.site.application import site_of
from workdiary_web.site.models import contracts
from workdiary_web.site.page import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary.desk.book import Book
    from workdiary.diary.terms import Since, Terms

NOTICES = {
    "added": "The contract is added. You can start tracking on it.",
    "changed": "The terms are changed from now on. What was recorded before keeps its terms.",
    "paused": "The contract is paused: no time can be tracked on it until you take it up again.",
    "active": "The contract is active again.",
    "ended": "The contract is ended. Its diary stays.",
}


def listing(request: Any) -> Any:
    """Show every contract with its present terms and this week's time."""
    site = site_of(request)
    week = week_of(slot_of(site.wall_ms()))
    shown = [
        {"name": name, "terms": terms, "price": contracts.price(terms), **_this_week(site.book, name, terms, week)}
        for name, terms in contracts.of_all(site.book.terms())
    ]
    return render(request, "contracts.html", {"contracts": shown}, here="contracts")


def show(request: Any, name: str) -> Any:
    """Show one contract."""
    site = site_of(request)
    history = history_of(site.book, name)
    terms = history[-1].terms
    values = {
        "name": name,
        "terms": terms,
        "rows": contracts.rows(terms),
        "versions": contracts.versions(history),
        "week": _this_week(site.book, name, terms, week_of(slot_of(site.wall_ms()))),
        "notice": NOTICES.get(request.GET.get("done", ""), ""),
    }
    return render(request, "contract.html", values, here="contracts")


def end(request: Any, name: str) -> Any:
    """Ask before a contract is ended."""
    terms = history_of(site_of(request).book, name)[-1].terms
    if terms.status == "ended":
        raise RuleError(f"{name} is ended already", remedy="Its diary stays.")
    return render(request, "contract_end.html", {"name": name, "terms": terms}, here="contracts")


@require_POST  # type: ignore[untyped-decorator, unused-ignore]  # Django ships no types
def status(request: Any, name: str) -> Any:
    """Pause a contract, take it up again, or end it."""
    wanted = request.POST.get("status", "")
    book = site_of(request).book
    if history_of(book, name)[-1].terms.status == "ended":
        raise RuleError(f"{name} is ended", remedy="Add a new contract.")
    book.change("contract_edit", contract=name, terms={"status": wanted})
    return HttpResponseRedirect(f"{reverse('contract', args=[name])}?done={wanted}")


def history_of(book: Book, name: str) -> Sequence[Since]:
    """Return how the terms of a contract changed; UsageError if there is none of this name."""
    found = book.terms()
    if name not in found:
        known = ", ".join(sorted(found)) or "none"
        raise UsageError(f'there is no contract "{name}" (known: {known})', remedy="See the list of contracts.")
    return found[name]


def _this_week(book: Book, name: str, terms: Terms, number: int) -> dict[str, Any]:
    """Return this week's time, or why it is not known."""
    if terms.type == "fixed":
        return {"why": "no time log"}
    try:
        week = book.week(name, number)
    except RuleError as error:
        return {"why": error.message}
    statement = week.statement
    done = statement.billable_seconds + statement.over_limit_seconds
    return {"done": done, "limit": week.limit, "over": statement.over_limit_seconds}
