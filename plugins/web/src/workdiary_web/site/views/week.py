"""The week: its statement, its limit, its lock; export and check."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from workdiary.errors import UsageError
from workdiary.proof.report import VERIFIED
from workdiary.proof.verify import verify
from workdiary.slots import day_of, lock_ms, parse_week, slot_of, slot_start_ms, week_name, week_of, week_slots
from workdiary_web.site.application import site_of
from workdiary_web.site.models.report import report_page
from workdiary_web.site.models.week import contract_week, countdown, neighbours
from workdiary_web.site.models.zones import Clock
from workdiary_web.site.page import clock_of, render
from workdiary_web.site.preferences import Preferences


def today(request: Any) -> Any:
    """Show the week that it is, in UTC."""
    return page(request, week_of(slot_of(site_of(request).wall_ms())))


def show(request: Any, name: str) -> Any:
    """Show a week."""
    return page(request, parse_week(name))


def page(request: Any, number: int) -> Any:
    """Return the page of a week."""
    site = site_of(request)
    terms = site.book.terms()
    every = [contract_week(site.book.week(one, number), terms[one]) for one in sorted(terms)]
    before, after = neighbours(number)
    slots, lock, now = week_slots(number), lock_ms(number), site.wall_ms()
    return render(
        request,
        "week.html",
        {
            "name": week_name(number),
            "shown": [one for one in every if not one.is_empty],
            "others": [one for one in every if one.is_empty],
            "first": day_of(slots.start),
            "last": day_of(slots.stop - 1),
            "before": before,
            "after": after,
            "is_present": slot_of(now) in slots,
            "is_future": slot_start_ms(slots.start) > now,
            "lock_ms": lock,
            "left": countdown(lock, now),
            "clocks": _clocks(request),
        },
        here="week",
    )


def export(request: Any, name: str, contract: str) -> Any:
    """Send the week as a file that proves itself."""
    site, number = site_of(request), parse_week(name)
    _require(request, contract)
    images = request.GET.get("images") == "1"
    data = site.book.export(contract, number, images=images)
    response = HttpResponse(data, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{contract}-{week_name(number)}.zip"'
    return response


def check(request: Any, name: str, contract: str) -> Any:
    """Export the week and verify it as the other side would."""
    site, number = site_of(request), parse_week(name)
    _require(request, contract)
    data = site.book.export(contract, number, images=False)
    report = verify(data, site.book.rules)
    return render(
        request,
        "verify.html",
        {
            "name": week_name(number),
            "contract": contract,
            "shown": report_page(report),
            "good": report.exit_code == VERIFIED,
            "bytes": len(data),
        },
        here="week",
    )


def _require(request: Any, contract: str) -> None:
    if contract not in site_of(request).book.terms():
        raise UsageError(f'there is no contract "{contract}"', remedy="workdiary contract list")


def _clocks(request: Any) -> list[tuple[str, Clock]]:
    """Return the clocks on which the lock is told: the viewer's, the client's, UTC."""
    wanted = Preferences.of(request)
    names = {"yours": site_of(request).zone, "the client's": wanted.client_zone, "billing": "UTC"}
    twelve = clock_of(request).twelve
    return [(whose, Clock.of(zone, twelve=twelve)) for whose, zone in names.items() if zone]
