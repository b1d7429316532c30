"""The page on which a client answers, and the file that comes out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from workdiary.desk.received import ReceivedBook
from workdiary.errors import UsageError
from workdiary.slots import day_of, week_slots
from workdiary_web.received.form import Form
from workdiary_web.site.application import site_of
from workdiary_web.site.page import render

if TYPE_CHECKING:
    from collections.abc import Callable


@require_http_methods(["GET", "HEAD", "POST"])  # type: ignore[untyped-decorator, unused-ignore]  # Django ships no types
def review(request: Any) -> Any:
    """Show the form; send the signed file when it is filled in well, else the form with what is wrong."""
    book = site_of(request).book
    if not isinstance(book, ReceivedBook):
        raise Http404
    week = book.week(book.contract, book.number)
    if request.method != "POST":
        return _page(request, book, Form.of(week, {}))
    form = Form.of(week, request.POST.dict(), request.POST.getlist("segment"))
    try:
        disputed = form.disputed(request.POST.get("action", ""))
        made = book.answer(disputed, name=form.name.strip(), at_ms=site_of(request).wall_ms())
    except UsageError as error:
        return _page(request, book, form, error=error)
    response = HttpResponse(made.data, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
    return response


def instead(view: Callable[[Any], Any], name: str) -> Callable[[Any], Any]:
    """Return a view of the present that, for a received record, leads to what the record holds.

    :param name: of the address of that: ``day-of`` and ``timeline-of`` are the first day with something in it.
    """

    def shown(request: Any) -> Any:
        book = site_of(request).book
        if not isinstance(book, ReceivedBook):
            return view(request)
        week = book.week(book.contract, book.number)
        first = day_of(min((one.slot for one in week.segments), default=week_slots(book.number).start)).isoformat()
        places = {"review": [], "week-of": [book.received.claim.week]}
        return HttpResponseRedirect(reverse(name, args=places.get(name, [first])))

    return shown


def _page(request: Any, book: ReceivedBook, form: Form, *, error: UsageError | None = None) -> Any:
    values = {
        "form": form,
        "week": book.week(book.contract, book.number),
        "week_name": book.received.claim.week,
        "refused": book.report.exit_code in (1, 3),
        "error": error,
    }
    return render(request, "received/review.html", values, here="review", status=400 if error else 200)
