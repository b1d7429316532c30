"""The signed receipt and the answers of docs/reference/protocol.md: their forms, and what is said by them."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from _format import HEAD, HEX64, BadInputError, fits, hexes, is_signed, natural, parse

TYPE = b"application/vnd.workdiary.receipt.v1+json"
RECEIPT = {"at": int, "chain": str, "digest": HEX64, "kind": {"receipt"}, "seq": natural, "server": hexes(16), "v": int}
PLACE = ("device", "contract", "seq")
NOWHERE = ("", -1)


class FaultError(Exception):
    """Why an answer does not count, in one word."""


def unpack(signed: Any) -> tuple[bytes, bytes]:
    """Return body and signature of what is sent as {"body", "signature"}."""
    try:
        return base64.b64decode(signed["body"], validate=True), base64.b64decode(signed["signature"], validate=True)
    except (KeyError, TypeError, ValueError):
        raise FaultError("malformed") from None


def read_receipt(public: str, signed: Any) -> dict[str, Any]:
    """Return the receipt, if it is one of the server with this key."""
    body, signature = unpack(signed)
    if not is_signed(public, body, signature, TYPE):
        raise FaultError("signature")
    try:
        receipt = parse(body)
    except BadInputError:
        raise FaultError("malformed") from None
    if type(receipt) is dict and type(receipt.get("v")) is int and receipt["v"] != 1:
        raise FaultError("version")
    if not fits(receipt, RECEIPT):
        raise FaultError("malformed")
    if receipt["server"] != hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]:
        raise FaultError("server")
    return dict(receipt)


def place(body: bytes) -> tuple[str, int]:
    """Return the chain and number that a body names, even if it is no entry."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return NOWHERE
    named = type(said) is dict and all(key in said and fits(said[key], HEAD[key]) for key in PLACE)
    return (f"{said['device']}/{said['contract']}", said["seq"]) if named else NOWHERE


def identity(entry: dict[str, Any]) -> tuple[str, int, str]:
    """Return chain, number and digest of an entry that was sent."""
    body, _ = unpack(entry)
    return *place(body), hashlib.sha256(body).hexdigest()


def stored_of(sent: list[tuple[str, int, str]], answers: Any) -> dict[str, dict[int, str]]:
    """Return the digests of the entries that the server says it stored, by chain and number."""
    if type(answers) is not list or len(answers) != len(sent):
        raise FaultError("malformed")
    stored: dict[str, dict[int, str]] = {}
    for (chain, seq, digest), answer in zip(sent, answers, strict=True):
        if type(answer) is not dict or answer.get("state") not in ("stored", "rejected"):
            raise FaultError("malformed")
        if answer["state"] == "rejected" and (answer.get("chain"), answer.get("seq")) == NOWHERE:
            continue
        if answer.get("chain") != chain:
            raise FaultError("chain")
        if answer.get("seq") != seq:
            raise FaultError("sequence")
        if answer["state"] == "stored":
            if answer.get("digest") != digest:
                raise FaultError("digest")
            stored.setdefault(chain, {})[seq] = digest
    return stored
