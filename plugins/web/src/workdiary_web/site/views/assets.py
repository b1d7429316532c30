"""Style sheets, scripts, icons."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from workdiary_web.site.files import assets


def serve(request: Any, path: str) -> Any:
    """Return one file; the address names its bytes, so it may be kept for ever."""
    asset = assets().get(path)
    if asset is None:
        raise Http404
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(asset.packed if packed else asset.plain, content_type=asset.media_type)
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["Vary"] = "Accept-Encoding"
    if packed:
        response["Content-Encoding"] = "gzip"
    return response
