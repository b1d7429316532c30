"""Answers of a server for the test vectors, from a fixed key: honest ones, and each with one thing wrong."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from _format import canonical
from _receipt import TYPE, place
from _write import AT, Diary, identity, key, signed

Json = dict[str, Any]
SERVER, DEVICE = key("server"), key("device")
MINE = f"{identity(DEVICE)}/acme"


def chain(contract: str = "acme", length: int = 4) -> list[Json]:
    """Return entries of a chain as they are sent."""
    diary = Diary(contract=contract)
    return [diary.begin, *(diary.manual() for _ in range(length - 1))]


def name(sent: Json) -> Json:
    """Return what an answer or a receipt names an entry by."""
    body = base64.b64decode(sent["body"])
    return dict(zip(("chain", "seq"), place(body), strict=True)) | {"digest": hashlib.sha256(body).hexdigest()}


def says(sent: Json, **more: Any) -> Json:
    """Return the body of an honest receipt for an entry, but for *more*."""
    return name(sent) | {"at": AT, "kind": "receipt", "v": 1, "server": identity(SERVER)} | more


def receipt(sent: Json, **more: Any) -> Json:
    return dict(signed(canonical(says(sent, **more)), SERVER, TYPE))


def answer(sent: Json, **more: Any) -> Json:
    return name(sent) | {"state": "stored"} | more


def refusal(sent: Json, code: str = "opening") -> Json:
    where = {key: value for key, value in name(sent).items() if key != "digest"}
    return where | {"state": "rejected", "code": code, "reason": "for the vectors"}


def said(sent: list[Json], receipts: list[Any], answers: list[Any] | None = None) -> Json:
    """Return one exchange."""
    honest = [answer(one) for one in sent]
    return {"entries": sent, "answers": honest if answers is None else answers, "receipts": receipts}


def case(verdict: str, *exchanges: Json, **acknowledged: list[int]) -> Json:
    held = {f"{identity(DEVICE)}/{contract}": seqs for contract, seqs in acknowledged.items()}
    return {"exchanges": list(exchanges), "verdict": verdict, "acknowledged": held}


def heads(sent: list[Json], ends: dict[str, Json]) -> Json:
    """Return an exchange that was answered by 409."""
    told = {where: {key: name(end)[key] for key in ("seq", "digest")} for where, end in ends.items()}
    return {"entries": sent, "heads": told}


def good_cases() -> dict[str, Json]:
    """Return what counts."""
    a, b, c, d = chain()
    beta = chain("beta", 2)
    refused = [answer(a), answer(b), refusal(c), answer(d)]
    unread = [answer(a), refusal(b, "body") | {"chain": "", "seq": -1}]
    first = said([a, b], [receipt(b)])
    again = said([a, b], [receipt(b, at=AT + 9)])
    mixed = said([a, *beta, b], [receipt(b), receipt(beta[1])])
    more = said([a], [receipt(a) | {"more": 1}], [answer(a, more=1)])
    return {
        "a receipt for a batch": case("valid", said([a, b, c], [receipt(c)]), acme=[0, 1, 2]),
        "receipts for two chains": case("valid", mixed, acme=[0, 1], beta=[0, 1]),
        "an entry in between was rejected": case("valid", said([a, b, c, d], [receipt(d)], refused), acme=[0, 1, 3]),
        "the last entry was rejected": case("valid", said([a, b, c], [receipt(b)], refused[:3]), acme=[0, 1]),
        "all was rejected": case("valid", said([a], [], [refusal(a)])),
        "an unknown code of rejection": case("valid", said([a], [], [refusal(a, "later")])),
        "what could not be read was rejected": case("valid", said([a, b], [receipt(a)], unread), acme=[0]),
        "two batches": case("valid", first, said([c, d], [receipt(d)]), acme=[0, 1, 2, 3]),
        "an earlier batch comes again": case("valid", first, said([c], [receipt(c)]), again, acme=[0, 1, 2]),
        "the same receipt twice": case("valid", said([a], [receipt(a), receipt(a)]), acme=[0]),
        "heads where the receipt is": case("valid", first, heads([d], {MINE: b}), acme=[0, 1]),
        "heads beyond the receipt": case("valid", first, heads([d], {MINE: c}), acme=[0, 1]),
        "unknown fields beside the known": case("valid", more, acme=[0]),
    }
