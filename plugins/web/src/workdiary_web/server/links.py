"""The way in: a link that works once, then a cookie."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LINK_S = 60  #: how long a one-time link can be used
MOST_SESSIONS = 32  #: the oldest makes room
COOKIE = "workdiary"
_TICKET = re.compile(r"([0-9a-f]{32})\.([0-9]{10})\.([0-9a-f]{64})")


def mint(secret: bytes, base: str, *, now: float) -> str:
    """Return the ticket of a one-time link: who can read the secret's file can make one, without asking the process."""
    nonce, expiry = secrets.token_hex(16), f"{int(now) + LINK_S:010d}"
    return f"{nonce}.{expiry}.{_mac(secret, base, nonce, expiry)}"


def _mac(secret: bytes, base: str, nonce: str, expiry: str) -> str:
    return hmac.new(secret, f"enter {base} {nonce} {expiry}".encode(), hashlib.sha256).hexdigest()


class Sessions:
    """Who may look. Methods may be called from any thread.

    Cookies are kept in memory only: they end with the process.
    """

    def __init__(self, secret: bytes, base: str, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._base = base
        self._clock = clock
        self._lock = threading.Lock()
        self._used: dict[str, int] = {}  #: nonce -> when its link would have ended
        self._sessions: list[bytes] = []

    def enter(self, ticket: str) -> str | None:
        """Return the cookie's value for a ticket that is ours, fresh, and was not used before."""
        match = _TICKET.fullmatch(ticket)
        if match is None:
            return None
        nonce, expiry, mac = match.groups()
        if not hmac.compare_digest(mac, _mac(self._secret, self._base, nonce, expiry)):
            return None
        now = self._clock()
        with self._lock:
            self._used = {one: end for one, end in self._used.items() if end >= now}
            if nonce in self._used or not now < int(expiry) <= now + LINK_S:
                return None
            self._used[nonce] = int(expiry)
            token = secrets.token_urlsafe(32)
            self._sessions = [*self._sessions[1 - MOST_SESSIONS :], _digest(token)]
        return token

    def know(self, cookies: str) -> bool:
        """Whether one of the cookies of a ``Cookie`` header is a session of ours.

        Others may be there too: a server on another port can set some for this host.
        """
        pairs = (one.strip(" ").partition("=") for one in cookies.split(";"))
        given = [_digest(value) for name, _, value in pairs if name == COOKIE]
        with self._lock:
            known = list(self._sessions)
        matches = [
            hmac.compare_digest(one, other) for one in given for other in known
        ]  # all, so that time tells nothing
        return any(matches)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("latin-1", "replace")).digest()
