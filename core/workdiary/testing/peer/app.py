"""The reference peer's addresses, as a WSGI application; ``docs/reference/protocol.md`` is the specification."""

from __future__ import annotations

import base64
import binascii
import json
import re
import threading
import time
from typing import TYPE_CHECKING, Any

from workdiary.journal.entry import canonical
from workdiary.proof.receipt import Receipt, server_id, sign
from workdiary.testing.peer.store import Answer, Incoming, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MOST_ENTRIES, MOST_BYTES = 256, 4 << 20
CHUNK, MOST_DRAINED = 1 << 16, 64 << 20
SHA256 = re.compile(r"[0-9a-f]{64}")
REASONS = {
    200: "OK", 201: "Created", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed",
    409: "Conflict", 411: "Length Required", 413: "Content Too Large",
}  # fmt: skip


class ProblemError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, title: str, **more: Any) -> None:
        super().__init__(title)
        self.status = status
        self.body = {"status": status, "title": title, "detail": "", **more}


class App:
    """One server with one key and one token. Requests are taken one after another."""

    def __init__(
        self, store: Store, key: Ed25519PrivateKey, token: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.store, self._key, self._token, self._clock = store, key, token, clock
        self._lock = threading.Lock()

    def __call__(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        try:
            with self._lock:
                status, kind, body = self._answer(environ)
        except ProblemError as problem:
            status, kind, body = problem.status, "application/problem+json", canonical(problem.body)
        start(f"{status} {REASONS[status]}", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: Mapping[str, Any]) -> tuple[int, str, bytes]:
        if environ.get("HTTP_AUTHORIZATION") != f"Bearer {self._token}":
            raise ProblemError(401, "the token is not known here")
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        image = re.fullmatch(r"/images/([0-9a-f]{64})", path)
        if image:
            return self._image(method, image[1], environ)
        act = {"/": ("GET", self._about), "/heads": ("GET", self._heads), "/entries": ("POST", self._entries)}
        act |= {"/images": ("POST", self._tickets)}
        if path not in act:
            raise ProblemError(404, "there is nothing at this address")
        wanted, answer = act[path]
        if method != wanted:
            raise ProblemError(405, f"this address takes {wanted}")
        return 200, "application/json", canonical(answer(environ))

    def _about(self, _environ: Mapping[str, Any]) -> dict[str, Any]:
        public = self._key.public_key()
        limits = {"entries": MOST_ENTRIES, "bytes": MOST_BYTES}
        return {"protocol": 1, "server": server_id(public), "public": public.public_bytes_raw().hex(), **limits}

    def _heads(self, _environ: Mapping[str, Any]) -> dict[str, Any]:
        return {"heads": self.store.heads()}

    def _entries(self, environ: Mapping[str, Any]) -> dict[str, Any]:
        batch = _json(environ).get("entries")
        if not isinstance(batch, list):
            raise ProblemError(400, "entries is no list")
        if len(batch) > MOST_ENTRIES:
            raise ProblemError(413, f"a batch has at most {MOST_ENTRIES} entries")
        answers, conflict = self.store.take([_incoming(one) for one in batch])
        if conflict is not None:
            more = {"images": conflict.images} if conflict.images else {"heads": self.store.heads()}
            raise ProblemError(
                409, "an image is missing" if conflict.images else "an entry is missing before these", **more
            )
        last = {one.chain: one for one in answers if one.digest}
        return {"answers": [_answer(one) for one in answers], "receipts": [self._receipt(one) for one in last.values()]}

    def _receipt(self, last: Answer) -> dict[str, Any]:
        server, at = server_id(self._key.public_key()), int(self._clock() * 1000)
        receipt = Receipt(server=server, chain=last.chain, seq=last.seq, digest=last.digest, at=at)
        found: dict[str, Any] = json.loads(sign(receipt, self._key))
        return found

    def _tickets(self, environ: Mapping[str, Any]) -> dict[str, Any]:
        asked = _json(environ).get("images")
        if not isinstance(asked, list):
            raise ProblemError(400, "images is no list")
        names = [str(one.get("sha256")) if isinstance(one, dict) else "" for one in asked]
        if not all(map(SHA256.fullmatch, names)):
            raise ProblemError(400, "an image has no sha256 of 64 hex digits")
        return {"tickets": [self._ticket(name) for name in names]}

    def _ticket(self, sha256: str) -> dict[str, Any]:
        if self.store.has_image(sha256):
            return {"sha256": sha256, "have": True}
        return {"sha256": sha256, "url": f"images/{sha256}", "headers": {}}

    def _image(self, method: str, sha256: str, environ: Mapping[str, Any]) -> tuple[int, str, bytes]:
        if method == "PUT":
            if not self.store.put_image(sha256, _body(environ)):
                raise ProblemError(400, "the image has another hash")
            return 201, "application/json", b"{}"
        data = self.store.image(sha256) if method == "GET" else None
        if data is None:
            raise ProblemError(404 if method == "GET" else 405, "there is no such image")
        return 200, "application/octet-stream", data


def _body(environ: Mapping[str, Any]) -> bytes:
    try:
        length = int(environ.get("CONTENT_LENGTH") or "")
    except ValueError:
        raise ProblemError(411, "the length of the body is not said") from None
    if length < 0 or length > MOST_BYTES:
        _drain(environ["wsgi.input"], min(length, MOST_DRAINED))
        raise ProblemError(413, f"a body has at most {MOST_BYTES} bytes")
    data: bytes = environ["wsgi.input"].read(length)
    if len(data) < length:
        raise ProblemError(400, "the body is shorter than it was said to be")
    return data


def _drain(body: Any, left: int) -> None:
    """Read what nobody wants: who is still sending would not hear the answer."""
    while left > 0 and (part := body.read(min(CHUNK, left))):
        left -= len(part)


def _json(environ: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(_body(environ))
    except (ValueError, RecursionError):
        raise ProblemError(400, "the body is no JSON") from None
    if not isinstance(found, dict):
        raise ProblemError(400, "the body is no object")
    return found


def _incoming(one: Any) -> Incoming:
    try:
        openings = {str(name): (_bytes(salt), _bytes(value)) for name, (salt, value) in one.get("openings", {}).items()}
        images = tuple(map(str, one.get("images", ())))
        return Incoming(body=_bytes(one["body"]), signature=_bytes(one["signature"]), openings=openings, images=images)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ProblemError(400, "an entry has not body, signature, openings and images as they should be") from None


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error


def _answer(one: Answer) -> dict[str, Any]:
    place = {"chain": one.chain, "seq": one.seq}
    if one.digest:
        return {**place, "state": "stored", "digest": one.digest}
    return {**place, "state": "rejected", "code": one.code, "reason": one.reason}
