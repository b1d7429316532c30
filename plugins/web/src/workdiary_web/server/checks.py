"""What a request must look like before anybody asks who sends it. Pure functions."""

from __future__ import annotations

import re

METHODS = frozenset({"GET", "HEAD", "POST"})
MOST_BODY = 64 * 1024
MOST_TARGET = 4096
#: No percent sign: nothing that is ours needs one in its path, so that there is no second spelling of any path.
_PATH = re.compile(r"(/[A-Za-z0-9_.~@:,+=-]+)*/?")
_QUERY = re.compile(r"[!$-;=?-\[\]^-~]*")  # visible, without " # < > and the backslash


def is_our_host(host: str | None, port: int) -> bool:
    """Whether the ``Host`` header is exactly one of ours: a rebound name is not."""
    return host in {f"127.0.0.1:{port}", f"localhost:{port}"}


def is_plain(target: str) -> bool:
    """Whether a request target is a path in its one plain spelling, with a query or without."""
    path, _, query = target.partition("?")
    return (
        len(target) <= MOST_TARGET
        and path.startswith("/")
        and _PATH.fullmatch(path) is not None
        and not {".", ".."} & set(path.split("/"))
        and _QUERY.fullmatch(query) is not None
        and "%00" not in query
    )


def may_come_from(method: str, host: str | None, origin: str | None, site: str | None) -> bool:
    """Whether a page of ours, or the address bar, can have sent this.

    :param origin: the ``Origin`` header.
    :param site: the ``Sec-Fetch-Site`` header; old browsers send none.
    """
    if origin is not None and origin != f"http://{host}":
        return False
    if site not in {None, "none", "same-origin"}:  # "same-site" is another port of this machine
        return False
    return method != "POST" or origin is not None or site == "same-origin"


def is_short(length: str | None) -> bool:
    """Whether a body's stated length is one that forms need."""
    return not length or (length.isascii() and length.isdigit() and int(length) <= MOST_BODY)
