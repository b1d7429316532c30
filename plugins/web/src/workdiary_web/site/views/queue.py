"""The queue: what is on its way to the backends, and what they refused."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from workdiary.errors import UsageError
from workdiary_web.site.application import machine_of
from workdiary_web.site.models.queue import refused
from workdiary_web.site.page import render

#: Refused entries that are shown of each backend; the download has all.
SHOWN = 50


def page(request: Any) -> Any:
    """Show what waits and what was refused, for each backend."""
    machine = machine_of(request)
    backends = [
        {**one, "refusals": [refused(document) for document in machine.refused(one["uploader"], SHOWN)]}
        for one in machine.queue()
    ]
    offered = request.GET.get("offered", "")
    known = offered in {one["uploader"] for one in backends}
    notice = f"{offered} is offered again what it refused, while the tracker runs." if known else ""
    return render(request, "queue.html", {"backends": backends, "most": SHOWN, "notice": notice}, here="queue")


@require_POST  # type: ignore[untyped-decorator, unused-ignore]  # Django ships no types
def retry(request: Any) -> Any:
    """Offer again what a backend refused."""
    uploader = request.POST.get("uploader", "")
    machine_of(request).retry(uploader)
    return HttpResponseRedirect(f"{reverse('queue')}?offered={uploader}")


def export(request: Any, uploader: str) -> Any:
    """Return what a backend refused as a file."""
    machine = machine_of(request)
    if uploader not in {one["uploader"] for one in machine.queue()}:
        raise UsageError(f'there is no backend "{uploader}"', remedy="See the queue for those that there are.")
    text = json.dumps({"uploader": uploader, "refused": machine.refused(uploader)}, indent=2, ensure_ascii=False)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    safe = "".join(one if one.isalnum() else "-" for one in uploader)
    response["Content-Disposition"] = f'attachment; filename="refused-by-{safe}.json"'
    return response
