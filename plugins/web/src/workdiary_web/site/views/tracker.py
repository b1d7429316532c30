"""The tracker: what it does now, and the commands to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseRedirect

from workdiary.errors import UsageError, WorkdiaryError
from workdiary_web.site.application import machine_of, site_of
from workdiary_web.site.models.forms import WHOLE, Form
from workdiary_web.site.page import render
from workdiary_web.site.views.preferences import back

if TYPE_CHECKING:
    from workdiary.desk.machine import Machine


def page(request: Any) -> Any:
    """Show the tracker with its commands, or carry one out and go back to the page that asked."""
    form = Form(values=request.POST.dict())
    if request.method == "POST":
        try:
            command(machine_of(request), form)
        except WorkdiaryError as error:
            form.refuse(WHOLE, error)
        else:
            return HttpResponseRedirect(back(request.POST, site_of(request).base))
    values = {"form": form, "next": form.values.get("next", request.get_full_path())}
    return render(request, "tracker.html", values, status=400 if form.errors else 200)


def command(machine: Machine, form: Form) -> None:
    """Carry out what the form asks of the tracker."""
    wanted = form.values.get("command", "")
    contract, memo = form.values.get("contract", ""), form.values.get("memo", "").strip()
    match wanted:
        case "start":
            if not contract:
                raise UsageError("no contract is chosen", remedy="Choose the one that you work on.")
            machine.start(contract, memo)
        case "switch":
            machine.steer("switch", contract=contract, memo=memo)
        case "memo":
            machine.steer("memo", memo=memo)
        case "pause" | "resume" | "stop":
            machine.steer(wanted)
        case _:
            raise UsageError(f'there is no command "{wanted}"', remedy="Use the buttons.")
