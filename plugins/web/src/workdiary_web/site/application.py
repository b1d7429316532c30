"""From a book to a WSGI application."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from workdiary.errors import UsageError
from workdiary_web.site.models.zones import system_zone
from workdiary_web.site.thumbs import Thumbs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from workdiary.desk.book import Book
    from workdiary.desk.machine import Machine
    from workdiary.payloads import Lane, Period
    from workdiary_web.server.pending import Request

#: Where a request carries its site.
KEY = "workdiary.site"
_once = threading.Lock()


class Pending(Protocol):
    """Deletions that may still be undone."""

    def add(self, ids: Sequence[str], keep_time: bool) -> str:  # noqa: FBT001 - one flag, named at every call
        """Delete these segments in a moment, or only their images; return a token for ``undo``."""

    def undo(self, token: str) -> bool:
        """Take a deletion back; False if it is carried out already."""

    def waiting(self) -> Mapping[str, int]:
        """Return for each segment that is to be deleted when that is due, in ms since 1970."""

    def requests(self) -> Sequence[Request]:
        """Return what can still be undone, the newest first."""

    def failures(self) -> Sequence[str]:
        """Return what was refused when it was due, in words."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """What the views need besides the request."""

    book: Book
    pending: Pending
    base: str
    zone: str  #: the viewer's, by its IANA name
    events: bool  #: whether ``<base>/events`` tells what happens
    wall_ms: Callable[[], int]
    lanes: Callable[[Period], Sequence[Lane]]
    machine: Machine | None = None  #: none: a diary alone, without tracker, queue, plugins and settings
    thumbs: Thumbs = field(default_factory=Thumbs)


def make_application(
    book: Book,
    *,
    pending: Pending,
    machine: Machine | None = None,
    base: str = "",
    zone: str = "",
    events: bool = True,
    wall_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    lanes: Callable[[Period], Sequence[Lane]] = lambda _day: (),
) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """Return a WSGI application that shows *book*.

    Who may ask is for the server to say: here every request is answered. ``PATH_INFO`` may begin with *base* or not.

    :param machine: the tracker, queue, plugins and settings; their pages are missing without it.
    :param base: the path before every page, such as ``/x7Qd``, without a slash at its end.
    :param zone: the viewer's time zone; the system's if it is empty.
    :param events: whether the server answers ``<base>/events`` with server-sent events.
    :param wall_ms: the present.
    :param lanes: what plugins add to the timeline of a day: ``Plugins.lanes``.
    """
    from workdiary_web.site.settings import configure

    with _once:
        configure()
    from django.core.handlers.wsgi import WSGIHandler

    handler = WSGIHandler()
    site = Site(
        book=book,
        pending=pending,
        base=base,
        zone=zone or system_zone(),
        events=events,
        wall_ms=wall_ms,
        lanes=lanes,
        machine=machine,
    )

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if base and path.startswith(base + "/"):
            path = path[len(base) :]
        mine = {**environ, "SCRIPT_NAME": base, "PATH_INFO": path or "/", KEY: site}
        answer: Iterable[bytes] = handler(mine, start_response)
        return answer

    return application


def site_of(request: Any) -> Site:
    """Return the site that a request is for."""
    site: Site = request.environ[KEY]
    return site


def machine_of(request: Any) -> Machine:
    """Return the machine that a request is for; UsageError where only a diary is shown."""
    machine = site_of(request).machine
    if machine is None:
        raise UsageError("there is only a diary here", remedy="Open it on the machine on which time is tracked.")
    return machine
