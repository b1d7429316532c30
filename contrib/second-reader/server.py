"""A second server of docs/reference/protocol.md, in memory, written from that page: takes batches."""

from __future__ import annotations

import base64
import hashlib

from _format import KINDS, VALUES, BadInputError, fits, is_signed, parse
from _receipt import place


class ConflictError(Exception):
    """The batch cannot go on: ``args`` is the images that are missing, if that is why."""


class RejectedError(Exception):
    """The entry is not taken; ``args`` is the code."""


class Server:
    """What was taken: entries by chain and number, values, images."""

    def __init__(self, images=()) -> None:
        self.entries: dict[str, dict[int, dict]] = {}
        self.digests: dict[str, dict[int, str]] = {}
        self.values: set[tuple[str, int, str]] = set()
        self.images = set(images)
        self.erased: set[tuple[str, int, str]] = set()
        self.refused: set[tuple[str, int]] = set()

    def post(self, batch: list[dict]) -> tuple[int, list[dict]]:
        """Return the status and the answers; of a 409 those before it, which were stored."""
        answers = []
        for one in batch:
            try:
                answers.append(self._take(one))
            except ConflictError:
                return 409, answers
        return 200, answers

    def _take(self, one: dict) -> dict:
        body, signature = base64.b64decode(one["body"]), base64.b64decode(one["signature"])
        (chain, seq), digest = place(body), hashlib.sha256(body).hexdigest()
        try:
            entry = entry_of(body)
            self._check(one, entry, chain, digest, signed=lambda key: is_signed(key, body, signature))
        except RejectedError as fault:
            if fault.args != ("fork",):
                self.refused.add((chain, seq))
            return {"chain": chain, "seq": seq, "state": "rejected", "code": fault.args[0]}
        self._keep(one, entry, chain, digest)
        return {"chain": chain, "seq": seq, "state": "stored", "digest": digest}

    def _check(self, one: dict, entry: dict, chain: str, digest: str, signed) -> None:
        first = entry if not entry["seq"] else self.entries.get(chain, {}).get(0)
        if first is None:
            raise ConflictError
        own = first["kind"] == "key" and hashlib.sha256(bytes.fromhex(first["public"])).hexdigest()[:16]
        if own != entry["device"] or not signed(first["public"]):
            raise RejectedError("signature")
        known = self.digests.get(chain, {}).get(entry["seq"])
        if known not in (None, digest):
            raise RejectedError("fork")
        if known is None and not self._follows(entry, chain):
            raise ConflictError
        for field, (salt, value) in one.get("openings", {}).items():
            salted = f"workdiary/1/{field}\0".encode() + base64.b64decode(salt) + base64.b64decode(value)
            if entry.get("commits", {}).get(field) != hashlib.sha256(salted).hexdigest():
                raise RejectedError("opening")
        if not self._is_erased(chain, entry["seq"], "snapshot") and not self.images.issuperset(one.get("images", ())):
            raise ConflictError

    def _follows(self, entry: dict, chain: str) -> bool:
        there = self.digests.get(chain, {})
        before = max((seq for seq in there if seq < entry["seq"]), default=None)
        if before is None:
            return entry["seq"] == 0 and entry["prev"] == "0" * 64
        if entry["kind"] == "recover":
            return any(digest == entry["prev"] and seq < entry["lost_from"] for seq, digest in there.items())
        between = range(before + 1, entry["seq"])
        return all((chain, seq) in self.refused for seq in between) if between else entry["prev"] == there[before]

    def _keep(self, one: dict, entry: dict, chain: str, digest: str) -> None:
        self.entries.setdefault(chain, {})[entry["seq"]] = entry
        self.digests.setdefault(chain, {})[entry["seq"]] = digest
        self.refused.discard((chain, entry["seq"]))
        fields = one.get("openings", {})
        self.values |= {(chain, entry["seq"], f) for f in fields if not self._is_erased(chain, entry["seq"], f)}
        if entry["kind"] == "tombstone":
            fields = VALUES if entry["fields"] == ["*"] else ["snapshot"]
            self.erased |= {(chain, seq, field) for seq in entry["of"] for field in fields}
            self._erase_memos(chain)
            self.values -= self.erased

    def _erase_memos(self, chain: str) -> None:
        """The memo of an edit goes when all that it edits is erased."""
        for seq, entry in self.entries[chain].items():
            if entry["kind"] == "edit" and all(self._is_erased(chain, of, "memo") for of in entry["of"]):
                self.erased.add((chain, seq, "memo"))

    def _is_erased(self, chain: str, seq: int, field: str) -> bool:
        return (chain, seq, field) in self.erased


def entry_of(body: bytes) -> dict:
    """Return the entry that a body is.

    :raises RejectedError: it is none.
    """
    try:
        entry = parse(body)
    except BadInputError:
        raise RejectedError("body") from None
    kind = entry.get("kind") if isinstance(entry, dict) else None
    form = KINDS.get(kind) if isinstance(kind, str) else None
    if form is None or len(body) > 65536 or not fits(entry, form):
        raise RejectedError("body")
    return entry
