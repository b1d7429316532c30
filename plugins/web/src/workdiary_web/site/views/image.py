"""One image: its page, its bytes, and a small one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseNotModified

from workdiary.errors import UsageError
from workdiary_web.site.application import Site, site_of
from workdiary_web.site.models.pictures import Shown, shown
from workdiary_web.site.page import clock_of, render
from workdiary_web.site.views.segment import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.diary.model import Segment


def page(request: Any, segment_id: str, index: int) -> Any:
    """Return the page of an image; its frame is what the lightbox shows, too."""
    segment, found = _find(site_of(request), segment_id, index)
    date = clock_of(request).day_of_slot(segment.slot)
    return render(request, "image.html", {"segment": segment, "shown": found, "index": index, "date": date}, here="day")


def picture(request: Any, segment_id: str, index: int) -> Any:
    """Return the image itself."""
    site = site_of(request)
    _segment, found = _find(site, segment_id, index)
    image = found.image
    return _answer(request, f"{image.sha256[:24]}-full", image.media_type, lambda: site.book.picture(image))


def thumb(request: Any, segment_id: str, index: int) -> Any:
    """Return a small JPEG of the image."""
    site = site_of(request)
    _segment, found = _find(site, segment_id, index)
    image = found.image
    return _answer(
        request,
        f"{image.sha256[:24]}-small",
        "image/jpeg",
        lambda: site.thumbs.get(image.sha256, lambda: site.book.picture(image)),
    )


def _find(site: Site, segment_id: str, index: int) -> tuple[Segment, Shown]:
    segment, week = find(site, segment_id)
    found = shown(week.segments, segment_id, index)
    if found is None:
        why = "it was deleted" if segment.deleted else segment.snapshot_missing or "it has fewer images"
        raise UsageError(f"{segment_id} has no image {index + 1}: {why}", remedy="Go back to the day.")
    return segment, found


def _answer(request: Any, tag: str, media_type: str, data: Callable[[], bytes]) -> Any:
    """Return bytes that no cache may keep; a browser that shows them still need not fetch them again."""
    if request.headers.get("If-None-Match") == f'"{tag}"':
        return HttpResponseNotModified(headers={"ETag": f'"{tag}"'})
    safe = media_type if media_type in {"image/jpeg", "image/png", "image/webp"} else "application/octet-stream"
    return HttpResponse(data(), content_type=safe, headers={"ETag": f'"{tag}"'})
