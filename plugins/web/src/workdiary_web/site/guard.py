"""Around every page: safe headers, and errors in words."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from workdiary.errors import StorageError, UsageError, WorkdiaryError
from workdiary_web.site.page import error_page

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("workdiary.web")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # stricter ones make a form's Origin "null"
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


class Guard:
    """Django middleware."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self._get_response = get_response

    def __call__(self, request: Any) -> Any:
        """Answer, with the headers that a view did not set itself."""
        response = self._get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def process_exception(self, request: Any, error: Exception) -> Any:
        """Return a page for an error that has words; others become the page of an accident."""
        if isinstance(error, WorkdiaryError):
            return error_page(request, status_of(error, request.method), error.message, error.remedy)
        return None


def status_of(error: WorkdiaryError, method: str) -> int:
    """Return the HTTP status for an error."""
    match error:
        case StorageError():
            return 503
        case UsageError():
            return 404 if method in {"GET", "HEAD"} else 400
        case _:  # a rule forbids it, or the tracker is not as the page had it
            return 409
