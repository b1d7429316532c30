"""What stands before every page, picture and file: a request is the user's own, or there is nothing for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary_web.server import checks
from workdiary_web.server.headers import SAFE, safe
from workdiary_web.server.links import COOKIE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workdiary_web.server.links import Sessions

    Environ = dict[str, Any]
    StartResponse = Callable[..., Any]
    Application = Callable[[Environ, StartResponse], Iterable[bytes]]

#: For what is not there, and for what is not allowed: nobody learns which of the two it was.
REFUSAL = b"Not found. To open the diary, run: workdiary open\n"


class Gate:
    """WSGI middleware around the whole application.

    :param base: the secret path before everything; the cookie is sent there only.
    :param looked: called at each request that is let through.
    """

    def __init__(
        self, application: Application, *, port: int, base: str, sessions: Sessions, looked: Callable[[], None]
    ) -> None:
        self._application = application
        self._port = port
        self._base = base
        self._sessions = sessions
        self._looked = looked

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let a request through to the application, let somebody in, or refuse."""
        path = self._lawful_path(environ)
        if path is None or not path.startswith(f"{self._base}/"):
            return refuse(start_response)
        before, enter, ticket = path.partition(f"{self._base}/enter/")
        if enter and not before:
            return self._enter(environ, ticket, start_response)
        if not self._sessions.know(environ.get("HTTP_COOKIE", "")):
            return refuse(start_response)
        self._looked()
        static = path.startswith(f"{self._base}/static/")

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, safe(headers, static=static), exc_info)

        return self._application(environ, start)

    def _lawful_path(self, environ: Environ) -> str | None:
        """Return the path of a request that keeps to the rules; None: it does not."""
        host, method = environ.get("HTTP_HOST"), environ["REQUEST_METHOD"]
        target: str = environ["REQUEST_URI"]  # as it was sent; PATH_INFO is decoded and has lost leading slashes
        if not checks.is_our_host(host, self._port) or environ["SERVER_PROTOCOL"] != "HTTP/1.1":
            return None
        if method not in checks.METHODS or not checks.is_plain(target):
            return None
        if not checks.may_come_from(method, host, environ.get("HTTP_ORIGIN"), environ.get("HTTP_SEC_FETCH_SITE")):
            return None
        return target.partition("?")[0] if checks.is_short(environ.get("CONTENT_LENGTH")) else None

    def _enter(self, environ: Environ, ticket: str, start_response: StartResponse) -> Iterable[bytes]:
        """Exchange a one-time link for the cookie."""
        token = self._sessions.enter(ticket) if environ["REQUEST_METHOD"] == "GET" else None
        if token is None:
            return refuse(start_response)
        self._looked()
        home = f"{self._base}/"
        cookie = f"{COOKIE}={token}; Path={home}; HttpOnly; SameSite=Strict"
        headers = [("Location", home), ("Set-Cookie", cookie), ("Content-Length", "0")]
        start_response("303 See Other", [*headers, *SAFE])
        return [b""]


def refuse(start_response: StartResponse) -> Iterable[bytes]:
    """Answer as if there were nothing."""
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(REFUSAL)))]
    start_response("404 Not Found", [*headers, *SAFE])
    return [REFUSAL]
