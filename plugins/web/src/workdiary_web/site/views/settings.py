"""The settings: what each means, what it is, and how to change it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpResponseRedirect
from django.urls import reverse

from workdiary.desk.settings import TAKEN_UP
from workdiary.errors import WorkdiaryError
from workdiary_web.site.application import machine_of
from workdiary_web.site.models.forms import Form
from workdiary_web.site.models.settings import from_lines, tables
from workdiary_web.site.page import render


def page(request: Any) -> Any:
    """Show every setting, or change one."""
    form = Form(values={})
    machine = machine_of(request)
    if request.method == "POST":
        key, lines = request.POST.get("key", ""), request.POST.get("lines")
        text = request.POST.get("value", "") if lines is None else lines
        try:
            if "reset" in request.POST:
                machine.unset(key)
            else:
                machine.set(key, text if lines is None else from_lines(lines))
        except WorkdiaryError as error:
            form.values = {key: text}
            form.refuse(key, error)
        else:
            return HttpResponseRedirect(f"{reverse('settings')}?saved={quote(key)}#{quote(key)}")
    shown = tables(machine.settings())
    known = {line.key for table in shown for line in table.lines}
    saved = request.GET.get("saved", "")
    values = {
        "tables": shown,
        "form": form,
        "stray": [one for key, one in form.errors.items() if key not in known],
        "saved": saved if saved in known else "",
        "taken_up": TAKEN_UP,
    }
    return render(request, "settings.html", values, here="settings", status=400 if form.errors else 200)
