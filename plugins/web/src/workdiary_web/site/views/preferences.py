"""The choices of how the diary is shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from workdiary_web.site.application import site_of
from workdiary_web.site.preferences import Preferences


@require_POST  # type: ignore[untyped-decorator, unused-ignore]  # Django ships no types
def keep(request: Any) -> Any:
    """Keep the choices and go back to where they were made."""
    base = site_of(request).base
    response = HttpResponseRedirect(back(request.POST, base))
    Preferences.of(request).changed(request.POST.dict()).keep(response)
    return response


def back(sent: Any, base: str) -> str:
    """Return the page that a form names in ``next``, if it is one of ours."""
    wanted: str = sent.get("next", "")
    if not wanted.startswith(base + "/") or not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return base + "/"
    address = urlsplit(wanted)
    query = urlencode(parse_qsl(address.query))
    return address.path + ("?" + query if query else "")
