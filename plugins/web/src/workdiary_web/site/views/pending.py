"""The way back from a deletion."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.views.decorators.http import require_POST

from workdiary.errors import RuleError
from workdiary_web.site.application import site_of
from workdiary_web.site.views.preferences import back


@require_POST  # type: ignore[untyped-decorator, unused-ignore]  # Django ships no types
def undo(request: Any) -> Any:
    """Take a deletion back, and go back to the page."""
    site = site_of(request)
    if not site.pending.undo(request.POST.get("token", "")):
        raise RuleError("it is carried out already, and what was erased is gone", remedy="workdiary diary")
    return HttpResponseRedirect(back(request.POST, site.base))
