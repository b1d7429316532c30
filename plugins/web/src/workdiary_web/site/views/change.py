"""Changes of segments: first what they would do, then doing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from workdiary.errors import RuleError, UsageError
from workdiary_web.site.application import site_of
from workdiary_web.site.models.cost import choose, costs
from workdiary_web.site.page import render
from workdiary_web.site.views.preferences import back

if TYPE_CHECKING:
    from workdiary_web.site.application import Site
    from workdiary_web.site.models.cost import Choice

ACTIONS = ("memo", "image", "delete")
MOST = 1008  #: segments at once: a full week


@require_http_methods(["GET", "HEAD", "POST"])  # type: ignore[untyped-decorator, unused-ignore]  # Django ships no types
def change(request: Any, action: str) -> Any:
    """Ask, or carry out what was asked."""
    if action not in ACTIONS:
        raise Http404
    site = site_of(request)
    sent = request.POST if request.method == "POST" else request.GET
    choice = _choice(site, sent.getlist("id"), action)
    if request.method == "POST":
        return _done(request, site, action, choice)
    keep_time = action == "image"
    memos = {one.memo for one in choice.segments}
    values = {
        "action": action,
        "choice": choice,
        "costs": [] if action == "memo" else costs(site.book, choice.segments, keep_time=keep_time),
        "erased_seconds": sum(one.tracked_seconds for one in choice.segments),
        "memo": memos.pop() if len(memos) == 1 else "",
        "several": len(memos) > 0,
        "next": back(sent, site.base) if sent.get("next") else "",
        "contracts": sorted({one.contract for one in choice.segments}),
    }
    return render(request, "change.html", values, here="day")


def _choice(site: Site, ids: list[str], action: str) -> Choice:
    if not ids:
        raise UsageError("no segment was selected", remedy="Go back, tick at least one, and try again.")
    if len(ids) > MOST:
        raise UsageError(f"{len(ids)} segments were selected", remedy=f"Select at most {MOST} at once.")
    segments = [site.book.segment(one) for one in dict.fromkeys(ids)]
    return choose(segments, site.book.terms(), site.wall_ms(), image=action == "image")


def _done(request: Any, site: Site, action: str, choice: Choice) -> Any:
    ids = [one.id for one in choice.segments]
    if choice.refused or not ids:
        segment, reason = choice.refused[0]
        raise RuleError(f"{segment.id}: {reason}", remedy="Nothing was changed. Leave it out, and try again.")
    target = back(request.POST, site.base)
    if action == "memo":
        site.book.change("edit_memo", segments=ids, memo=request.POST.get("memo", "").strip())
        return HttpResponseRedirect(f"{target}#seg-{ids[0]}")
    site.pending.add(ids, keep_time=action == "image")
    return HttpResponseRedirect(f"{target}#seg-{ids[0]}")
