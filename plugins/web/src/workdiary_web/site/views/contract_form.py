"""The form of a contract's terms: for a new one, and for new terms from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect
from django.urls import reverse

from workdiary.desk.changes import NAME
from workdiary.diary.terms import Terms
from workdiary.errors import RuleError, UsageError, WorkdiaryError
from workdiary_web.site.application import site_of
from workdiary_web.site.models import contracts
from workdiary_web.site.models.forms import WHOLE, Form
from workdiary_web.site.page import render
from workdiary_web.site.views.contracts import history_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NEW = Terms(title="x", rate=0, currency="EUR")


def add(request: Any) -> Any:
    """Add a contract."""
    if request.method != "POST":
        return _page(request, Form(values={**contracts.as_typed(NEW), "title": "", "rate": ""}), "")
    form = Form(values=request.POST.dict())
    book = site_of(request).book
    known = book.terms()
    name = form.read("name", lambda text: _new_name(text, known), "")
    terms = contracts.read_terms(form, NEW)
    if not form.errors:
        try:
            book.change("contract_add", contract=name, terms={"rate": 0, "currency": NEW.currency, **terms})
        except WorkdiaryError as error:
            form.refuse(WHOLE, error)
        else:
            return HttpResponseRedirect(f"{reverse('contract', args=[name])}?done=added")
    return _page(request, form, "")


def edit(request: Any, name: str) -> Any:
    """Change the terms of a contract from now on."""
    book = site_of(request).book
    last = history_of(book, name)[-1]
    if last.terms.status == "ended":
        raise RuleError(f"{name} is ended: its terms do not change any more", remedy="Add a new contract.")
    if request.method != "POST":
        return _page(request, Form(values={**contracts.as_typed(last.terms), "since": str(last.at)}), name)
    form = Form(values=request.POST.dict())
    terms = contracts.read_terms(form, last.terms)
    if form.values.get("since") != str(last.at):
        form.values = {**form.values, "since": str(last.at)}
        changed = UsageError("the terms were changed elsewhere meanwhile", remedy="Check them, and save again.")
        form.refuse(WHOLE, changed)
    if not form.errors:
        try:
            book.change("contract_edit", contract=name, terms=terms)
        except WorkdiaryError as error:
            form.refuse("currency" if "currency" in terms else WHOLE, error)
        else:
            return HttpResponseRedirect(f"{reverse('contract', args=[name])}?done=changed")
    return _page(request, form, name)


def _page(request: Any, form: Form, name: str) -> Any:
    rules = site_of(request).book.rules
    values = {
        "form": form,
        "name": name,
        "snapshots": contracts.SNAPSHOTS,
        "idle": contracts.IDLE,
        "kinds": (("hourly", "by the hour"), ("fixed", "fixed price, no time log")),
        "billing": _choices(rules.billing, form.values.get("billing", "")),
        "protection": _choices(rules.protection, form.values.get("protection", "")),
    }
    return render(request, "contract_form.html", values, here="contracts", status=400 if form.errors else 200)


def _choices(rules: Mapping[str, Any], present: str) -> list[tuple[str, str]]:
    """Return the names of rules; one that is not installed any more stays to be seen."""
    missing = [(present, f"{present} (not installed)")] if present and present not in rules else []
    return [*((name, name) for name in sorted(rules)), *missing]


def _new_name(text: str, known: Mapping[str, Any]) -> str:
    if not NAME.fullmatch(text):
        raise UsageError(
            f'"{text}" cannot name a contract' if text else "the contract needs a name",
            remedy="Use up to 40 lower-case letters, digits and . _ - as in acme.",
        )
    if text in known:
        raise UsageError(f"there is a contract {text} already", remedy="Choose another name, or change its terms.")
    return text
