"""Requests to one server, and what its answers mean for a delivery."""

from __future__ import annotations

import json
import urllib.parse
from typing import TYPE_CHECKING, Any

from workdiary.uploader import AuthorizationError, BehindError, HaltError, TransientError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3 import PoolManager

CONNECT_S, READ_S = 10.0, 60.0
MOST_ANSWER = 16 << 20  #: bytes
TOO_LARGE, CONFLICT, TOO_MANY = 413, 409, 429


class TooLargeError(Exception):
    """The server takes no body as large as this one."""


class MissingImagesError(Exception):
    """The server has not the images that entries name."""


class Link:
    """The token goes to the server's own origin, and no redirect is followed."""

    def __init__(self, base: str, token: str) -> None:
        self._base = base if base.endswith("/") else base + "/"
        self._token = token
        self._pool: PoolManager | None = None

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the server's answer, an object.

        :raises TransientError: it cannot be reached, or asks to come again.
        :raises HaltError: a person has to look.
        :raises BehindError: it lacks what comes before.
        """
        data = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"}
        return _object(self._send(method, urllib.parse.urljoin(self._base, path), data, kind))

    def put(self, url: str, headers: Mapping[str, str], data: bytes) -> None:
        """Put an image where a ticket says.

        :raises TransientError: it cannot be reached, or takes it not: the next ticket may be for another place.
        """
        try:
            self._send("PUT", urllib.parse.urljoin(self._base, url), data, headers)
        except (HaltError, TooLargeError) as error:
            raise TransientError(f"the place for images does not take one: {error}") from error

    def close(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            self._pool.clear()
        self._pool = None

    def _send(self, method: str, url: str, data: bytes | None, headers: Mapping[str, str]) -> bytes:
        from urllib3.exceptions import HTTPError

        own = _origin(url) == _origin(self._base)
        if not own and not url.startswith("https://"):
            raise HaltError("the server sends images to an address that is not encrypted", remedy="tell who runs it")
        sent = {**headers, "Authorization": f"Bearer {self._token}"} if own else dict(headers)
        try:
            answer = self._connected().request(
                method, url, body=data, headers=sent, redirect=False, retries=False, preload_content=False
            )
            told = answer.read(MOST_ANSWER)
            answer.drain_conn()
        except HTTPError as error:
            raise TransientError(f"the server cannot be reached ({type(error).__name__})") from error
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - success
            _complain(answer.status, told, answer.headers.get("Retry-After", ""))
        return told

    def _connected(self) -> PoolManager:
        if self._pool is None:
            import urllib.request

            from urllib3 import PoolManager, ProxyManager, Timeout

            limits = Timeout(connect=CONNECT_S, read=READ_S)
            server = urllib.parse.urlsplit(self._base)
            around = urllib.request.proxy_bypass(server.hostname or "")
            proxy = None if around else urllib.request.getproxies().get(server.scheme)
            self._pool = ProxyManager(proxy, timeout=limits) if proxy else PoolManager(timeout=limits)
        return self._pool


def _complain(status: int, data: bytes, retry_after: str) -> None:
    """Raise what the status means."""
    told = _object(data, {})
    title = f"{told.get('title') or 'the server refuses'} ({status})"[:200]
    if status in {401, 403}:
        raise AuthorizationError(title, remedy="put a new token into the file that plugins.http.token_file names")
    if status == CONFLICT and isinstance(told.get("images"), list):
        raise MissingImagesError
    if status == CONFLICT and isinstance(told.get("heads"), dict):
        raise BehindError("the server has lost entries that it had", heads=_heads(told["heads"]))
    if status == TOO_LARGE:
        raise TooLargeError(title)
    if status == TOO_MANY or status >= 500:  # noqa: PLR2004 - its own troubles
        raise TransientError(title, retry_after=_seconds(retry_after))
    raise HaltError(title, remedy="check plugins.http.url, and ask who runs the server")


def _heads(told: Mapping[str, Any]) -> dict[str, int]:
    try:
        return {str(chain): int(head["seq"]) for chain, head in told.items()}
    except (TypeError, KeyError, ValueError):
        raise TransientError("the server's heads cannot be read") from None


def _object(data: bytes, otherwise: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return found
    if otherwise is None:
        raise TransientError("the server's answer is no JSON object")
    return otherwise


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 7 else None  # noqa: PLR2004 - eleven days


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urllib.parse.urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
