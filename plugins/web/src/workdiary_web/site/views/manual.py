"""Manual time: where nothing is logged, on contracts that allow it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect
from django.urls import reverse

from workdiary.diary.text import require_text
from workdiary.errors import RuleError, UsageError, WorkdiaryError
from workdiary.slots import SLOT_SECONDS, iso, parse_iso, slot_start_ms, week_of
from workdiary_web.site.application import site_of
from workdiary_web.site.models import contracts, manual
from workdiary_web.site.models.forms import Form
from workdiary_web.site.models.openseg import unsealed
from workdiary_web.site.models.words import span
from workdiary_web.site.page import clock_of, render, status_of
from workdiary_web.site.views.day import parse_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from workdiary.desk.book import Book


def page(request: Any) -> Any:
    """Show the form for a day, or add what it says."""
    form = Form(values=(request.POST if request.method == "POST" else request.GET).dict())
    wall_ms = site_of(request).wall_ms()
    today = clock_of(request).day(wall_ms)
    day = form.read("date", parse_day, today) if form.values.get("date") else today
    if request.method == "POST" and not form.errors:
        added = _add(request, form)
        if added:
            query = f"?date={day.isoformat()}&added={added}&contract={form.values['contract']}"
            return HttpResponseRedirect(reverse("manual") + query)
    return _page(request, form, day)


def _add(request: Any, form: Form) -> int:
    """Add the time and return its slots; 0: the form says why not."""
    book = site_of(request).book
    slot = form.read("slot", _number, -1)
    slots = form.read("length", _number, 0)
    memo = form.read("memo", _memo, "")
    contract = form.read("contract", lambda text: _contract(text, book), "")
    if form.errors:
        return 0
    try:
        book.change("manual_add", contract=contract, start_ms=slot_start_ms(slot), slots=slots, memo=memo)
    except WorkdiaryError as error:
        form.refuse("contract" if error.message.startswith(contract + " ") else "slot", _local(error, request))
        return 0
    return slots


def _page(request: Any, form: Form, day: date) -> Any:
    site = site_of(request)
    clock, wall_ms = clock_of(request), site.wall_ms()
    slots = clock.slots(day)
    logged = logged_slots(site.book, slots, status_of(request))
    free = manual.free(slots, logged, wall_ms)
    known = contracts.of_all(site.book.terms())
    added = form.values.get("added", "")
    values = {
        "form": form,
        "date": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < clock.day(wall_ms) else None,
        "rows": manual.rows(slots, logged, wall_ms, clock),
        "free": [(str(slot), clock.time(slot_start_ms(slot))) for slot in free],
        "lengths": [(str(number), _span(number)) for number in manual.LENGTHS],
        "contracts": [(name, f"{name} · {terms.title}") for name, terms in known if may_add(terms)],
        "barred": [name for name, terms in known if not may_add(terms) and terms.status == "active"],
        "notice": f"{_span(int(added))} of manual time is added." if added in map(str, manual.LENGTHS) else "",
    }
    return render(request, "manual.html", values, here="manual", status=400 if form.errors else 200)


def _span(slots: int) -> str:
    return span(slots * SLOT_SECONDS)


def may_add(terms: Any) -> bool:
    """Say whether manual time can be added under these terms."""
    return bool(terms.manual and terms.status == "active" and terms.type == "hourly")


def logged_slots(book: Book, slots: range, status: Mapping[str, Any]) -> dict[int, str]:
    """Return by slot the contract that logged something there; what was deleted leaves its slot free."""
    wanted = set(book.logged(slots))
    found: dict[int, str] = {}
    for name in book.terms() if wanted else ():
        for number in range(week_of(slots.start), week_of(slots[-1]) + 1):
            try:
                week = book.week(name, number)
            except RuleError:  # by a rule that is not installed: the change itself still refuses what is taken
                continue
            found |= {one.slot: name for one in week.segments if one.slot in wanted and not one.deleted}
    found |= {one.slot: one.contract for one in unsealed(status)}
    return {slot: name for slot, name in found.items() if slot in slots}


def _local(error: WorkdiaryError, request: Any) -> WorkdiaryError:
    """Write the time of a refusal on the viewer's clock."""
    head, found, stamp = error.message.rpartition(" at ")
    if not found:
        return error
    try:
        when = parse_iso(stamp)
    except UsageError:
        return error
    return RuleError(f"{head} at {clock_of(request).time(when)} ({iso(when)[11:16]} UTC)", remedy=error.remedy)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - digits; no slot of these centuries has more
        raise UsageError("nothing is chosen", remedy="Choose one from the list.")
    return int(text)


def _memo(text: str) -> str:
    require_text("memo", text)
    return text


def _contract(text: str, book: Book) -> str:
    if text not in book.terms():
        raise UsageError("no contract is chosen", remedy="Choose one from the list.")
    return text
