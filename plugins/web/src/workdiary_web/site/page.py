"""What every page has: preferences, zones, what runs now, what waits to be deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.errors import WorkdiaryError
from workdiary_web.received.answers import Answers
from workdiary_web.received.banner import nav_of, words_of
from workdiary_web.site.application import site_of
from workdiary_web.site.files import asset_urls
from workdiary_web.site.models.contracts import of_all
from workdiary_web.site.models.now import running
from workdiary_web.site.models.toast import toast
from workdiary_web.site.models.zones import Clock
from workdiary_web.site.nav import MACHINE
from workdiary_web.site.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workdiary_web.site.application import Site
    from workdiary_web.site.models.now import Running


def clock_of(request: Any) -> Clock:
    """Return how times are written for the viewer of this request."""
    wanted = Preferences.of(request)
    return Clock.of(wanted.zone_name(site_of(request).zone), twelve=wanted.clock == "12")


def status_of(request: Any) -> dict[str, Any]:
    """Return what the tracker says of itself, asked once a request."""
    kept = getattr(request, "_workdiary_status", None)
    if kept is None:
        kept = request._workdiary_status = site_of(request).book.status()  # noqa: SLF001 - a request's own notes
    found: dict[str, Any] = kept
    return found


def render(request: Any, template: str, values: Mapping[str, Any], *, here: str = "", status: int = 200) -> Any:
    """Return a page.

    :param here: the name of its entry in ``NAV``.
    """
    from django.http import HttpResponse
    from django.template.loader import render_to_string

    site = site_of(request)
    wanted = Preferences.of(request)
    context = {
        "nav": nav_of(site.book),
        "received": words_of(site.book),
        "answers": Answers(site.book),
        "machine": MACHINE if site.machine else (),
        "trackable": _trackable(site),
        "here": here,
        "prefs": wanted,
        "clock": clock_of(request),
        "my_zone": site.zone,
        "assets": asset_urls(site.base),
        "base": site.base,
        "events": f"{site.base}/events" if site.events else "",
        "here_url": request.get_full_path(),
        "may_change": site.book.may_change,
        "now": None if words_of(site.book) or status >= 500 else _now(request),  # noqa: PLR2004 - it may be what failed
        "question": None if site.machine is None or status >= 500 else question_of(request),  # noqa: PLR2004 - likewise
        "toast": toast(site.pending, site.wall_ms()),
        **values,
    }
    return HttpResponse(render_to_string(template, context), status=status)


def part(request: Any, template: str, values: Mapping[str, Any]) -> Any:
    """Return a part of a page, without what is around it."""
    from django.http import HttpResponse
    from django.template.loader import render_to_string

    return HttpResponse(render_to_string(template, {"clock": clock_of(request), **values}))


def question_of(request: Any) -> dict[str, str] | None:
    """Return what is asked about time without input."""
    now = _now(request)
    if now is None or now.idle is None:
        return None
    words = now.idle.words(clock_of(request), site_of(request).wall_ms())
    return {"words": words, "since": now.idle.since, "default": now.idle.default}


def _now(request: Any) -> Running | None:
    try:
        return running(status_of(request))
    except WorkdiaryError:  # an error is about to be told, or the tracker is just ending
        return None


def _trackable(site: Site) -> list[tuple[str, str]]:
    """Return the contracts on which the machine could track time."""
    if site.machine is None:
        return []
    try:
        found = of_all(site.book.terms())
    except WorkdiaryError:  # the page itself says so
        return []
    return [(name, terms.title) for name, terms in found if terms.status == "active" and terms.type == "hourly"]


def error_page(request: Any, status: int, message: str, remedy: str) -> Any:
    """Return a page that says what went wrong and what to do."""
    heading = {
        400: "That cannot be asked like this",
        404: "There is nothing here",
        405: "That cannot be asked like this",
        409: "The diary refuses this change",
        503: "The diary cannot be read now",
    }.get(status, "Something went wrong")
    return render(request, "error.html", {"heading": heading, "message": message, "remedy": remedy}, status=status)
