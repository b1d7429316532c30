"""The uploader: images first, then batches of exact bytes, and answers that count only with a receipt."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workdiary.errors import StorageError
from workdiary.journal.entry import canonical
from workdiary.proof import receipt as receipts
from workdiary.uploader import HaltError, Rejected, Stored, TransientError
from workdiary_http.identity import pinned
from workdiary_http.link import Link, MissingImagesError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from workdiary.uploader import Image, Item

MOST_IMAGES = 16  #: in one batch
NOWHERE = ("", -1)  #: the place of a body that the server cannot read
TRIES = 2  #: with images that the server turns out not to have


class Http:
    """One server. Called on one thread."""

    name = "http"

    def __init__(self, url: str, token: str, place: Path) -> None:
        self._url, self._place = url, place
        self._link = Link(url, token)
        self._public: Ed25519PublicKey | None = None
        self._most = 1

    def deliver(self, items: Sequence[Item]) -> list[Stored | Rejected]:
        """Send items in order, in batches that the server takes; what was answered before a failure counts."""
        public = self._known()
        found: list[Stored | Rejected] = []
        for batch in _batches(items, self._most):
            try:
                found += self._batch(batch, public)
            except TransientError:
                if not found:
                    raise
                break
        return found

    def close(self) -> None:
        """Hang up."""
        self._link.close()

    def _known(self) -> Ed25519PublicKey:
        if self._public is None:
            about = self._link.ask("GET", "")
            self._public = pinned(about, self._url, self._place)
            most = about.get("entries")
            self._most = min(256, max(1, most)) if isinstance(most, int) else 1
        return self._public

    def _batch(self, items: Sequence[Item], public: Ed25519PublicKey) -> list[Stored | Rejected]:
        try:
            answer = self._post(items)
        except TooLargeError as error:
            if len(items) == 1:
                return [self._bare(items[0], public, str(error))]
            half = len(items) // 2
            return [*self._batch(items[:half], public), *self._batch(items[half:], public)]
        return _answers(items, answer, public)

    def _bare(self, item: Item, public: Ed25519PublicKey, why: str) -> Rejected:
        """Send what is signed alone, so that what follows does not wait for it; its values wait here."""
        try:
            _answers([item], self._post([replace(item, openings={}, images=())]), public)
        except TooLargeError as error:
            raise HaltError(f"the server takes no entry at all: {error}", remedy="ask who runs it") from None
        return Rejected(number=item.number, reason=f"{why}; it went without its values")

    def _post(self, items: Sequence[Item]) -> dict[str, Any]:
        for _ in range(TRIES):
            there = self._upload([image for item in items for image in item.images])
            entries = [_entry(item, there) for item in items]
            try:
                return self._link.ask("POST", "entries", {"entries": entries})
            except MissingImagesError:
                continue
        raise TransientError("the server does not keep images that it was given")

    def _upload(self, images: Sequence[Image]) -> set[str]:
        """Put the images that the server lacks; return the names of all that it has then."""
        if not images:
            return set()
        wanted = {"images": [{"sha256": one.sha256} for one in images]}
        told = self._link.ask("POST", "images", wanted).get("tickets")
        tickets = {one.get("sha256"): one for one in told if isinstance(one, dict)} if isinstance(told, list) else {}
        return {one.sha256 for one in images if self._put(one, tickets.get(one.sha256))}

    def _put(self, image: Image, ticket: Mapping[str, Any] | None) -> bool:
        """Put one image; false: it is not on this disk any more, and the entry goes without it."""
        if ticket is None:
            raise TransientError("the server gives no ticket for an image")
        if ticket.get("have") is True:
            return True
        try:
            data = image.sealed()
        except StorageError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return False
            raise
        headers = ticket.get("headers")
        self._link.put(str(ticket.get("url")), headers if isinstance(headers, dict) else {}, data)
        return True


def _batches(items: Sequence[Item], most: int) -> Iterator[Sequence[Item]]:
    """Cut what may go at once: of few images each, so that a bad network costs few of them again."""
    start = images = 0
    for index, item in enumerate(items):
        images += len(item.images)
        if index > start and (index - start >= most or images > MOST_IMAGES):
            yield items[start:index]
            start, images = index, len(item.images)
    if start < len(items):
        yield items[start:]


def _entry(item: Item, there: set[str]) -> dict[str, Any]:
    images = [one.sha256 for one in item.images if one.sha256 in there]
    openings = {name: [_text(salt), _text(value)] for name, (salt, value) in item.openings.items()}
    return {"body": _text(item.body), "signature": _text(item.signature), "openings": openings, "images": images}


def _answers(items: Sequence[Item], answer: Mapping[str, Any], public: Ed25519PublicKey) -> list[Stored | Rejected]:
    """Return the answers, if all of them are for these items and a receipt covers all that was stored."""
    told = answer.get("answers")
    if not isinstance(told, list) or len(told) != len(items):
        raise TransientError("the server does not answer for each entry")
    last = {item.chain: item for item, one in zip(items, told, strict=True) if _is_stored(item, one)}
    signed = _receipts(list(last.values()), answer.get("receipts"), public)
    if last.keys() - signed.keys():
        raise TransientError("the server signs no receipt for an entry that it says it has")
    return [
        Stored(number=item.number, digest=hashlib.sha256(item.body).digest(), receipt=signed[item.chain])
        if one["state"] == "stored"
        else Rejected(number=item.number, reason=f"{one.get('code')}: {one.get('reason')}")
        for item, one in zip(items, told, strict=True)
    ]


def _is_stored(item: Item, one: Any) -> bool:
    """Say whether the server stored the item; it was rejected if not."""
    if not isinstance(one, dict) or one.get("state") not in {"stored", "rejected"}:
        raise TransientError("the server's answer cannot be read")
    stored, place = bool(one["state"] == "stored"), (one.get("chain"), one.get("seq"))
    if place != (item.chain, item.seq) and (stored or place != NOWHERE):
        raise TransientError("the server answers for another entry than it was sent")
    if stored and one.get("digest") != hashlib.sha256(item.body).hexdigest():
        raise TransientError("the server stored something else than it was sent")
    return stored


def _receipts(items: Sequence[Item], told: Any, public: Ed25519PublicKey) -> dict[str, bytes]:
    """Return a good receipt of each chain, for one of the items."""
    ours = {(item.chain, item.seq): hashlib.sha256(item.body).hexdigest() for item in items}
    found = {}
    for one in told if isinstance(told, list) else ():
        try:
            data = canonical(one) if isinstance(one, dict) else b""
            receipt = receipts.read(data, public)
        except ValueError as error:
            raise TransientError(f"a receipt of the server does not count: {error}") from None
        if ours.get((receipt.chain, receipt.seq)) != receipt.digest:
            raise TransientError("the server signs a receipt for what it was not sent, or not for the last of it")
        found[receipt.chain] = data
    return found


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
