"""The question about time without input: its part of every page, and the answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect

from workdiary.errors import RuleError, WorkdiaryError
from workdiary_web.site.application import machine_of, site_of
from workdiary_web.site.models.forms import WHOLE, Form
from workdiary_web.site.models.idle import asked
from workdiary_web.site.page import part, question_of, render, status_of
from workdiary_web.site.views.preferences import back


def page(request: Any) -> Any:
    """Show what is asked, or take the answer and go back to the page that it was given on."""
    if request.method != "POST":
        next_url = request.GET.get("next", request.get_full_path())
        if request.headers.get("HX-Request"):
            return part(request, "parts/idle.html", {"question": question_of(request), "here_url": next_url})
        return render(request, "idle.html", {"form": Form(values={}), "next": next_url})
    form = Form(values=request.POST.dict())
    try:
        _answer(request, form)
    except WorkdiaryError as error:
        form.refuse(WHOLE, error)
        return render(request, "idle.html", {"form": form, "next": form.values.get("next", "")}, status=400)
    return HttpResponseRedirect(back(request.POST, site_of(request).base))


def _answer(request: Any, form: Form) -> None:
    """Answer the question that the page has shown, and no other."""
    machine = machine_of(request)
    present = asked(status_of(request)["idle"])
    if present is None or present.since != form.values.get("since"):
        raise RuleError("this question is not asked any more", remedy="It was answered elsewhere, or by the contract.")
    memo = form.values.get("memo", "").strip()
    machine.steer("idle", answer=form.values.get("answer", ""), memo=memo)
