"""contrib/second-reader/server.py, written from the protocol's page, and our own agree on every published case."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workdiary.proof.receipt import read
from workdiary.testing.peer.store import Incoming, Store
from workdiary.uploader import Item, TransientError
from workdiary_http.uploader import _receipts

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "docs/reference/vectors/protocol.json").read_text("utf-8"))
CONVERSATIONS = list(VECTORS["conversations"].items())


def own(name: str) -> Any:
    """Load a module of the second reader."""
    sys.path.insert(0, str(ROOT / "contrib/second-reader"))
    try:
        return import_module(name)
    finally:
        sys.path.pop(0)


def data(text: str) -> bytes:
    return base64.b64decode(text)


def sent() -> list[Item]:
    """Return what the client has sent that gets the receipts."""
    found = []
    for number, text in enumerate(VECTORS["sent"]):
        entry = json.loads(data(text))
        chain = f"{entry['device']}/{entry['contract']}"
        found.append(
            Item(
                number=number, chain=chain, seq=entry["seq"], kind=entry["kind"], body=data(text), signature=b"",
                openings={},
            )
        )  # fmt: skip
    return found


SENT = sent()


def reaches(receipt: dict[str, str]) -> tuple[str, int] | None:
    """Return what the second reader says of a receipt."""
    reader = own("_receipt")
    try:
        told = reader.read_receipt(VECTORS["public"], receipt)
    except reader.FaultError:
        return None
    ours = {(one.chain, one.seq): hashlib.sha256(one.body).hexdigest() for one in SENT}
    at = told["chain"], told["seq"]
    return at if ours.get(at) == told["digest"] else None


def first(store: Store, batch: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """Return what the server of the tests says to a batch."""
    taken = [
        Incoming(
            body=data(one["body"]),
            signature=data(one["signature"]),
            openings={name: (data(salt), data(value)) for name, (salt, value) in one.get("openings", {}).items()},
            images=tuple(one.get("images", ())),
        )
        for one in batch
    ]
    answers, conflict = store.take(taken)
    return (409 if conflict else 200), [one.code or "stored" for one in answers]


def second(server: Any, batch: list[dict[str, Any]]) -> tuple[int, list[str]]:
    status, answers = server.post(batch)
    return status, [one.get("code") or one["state"] for one in answers]


def names_of(values: dict[int, Any]) -> list[str]:
    return sorted(f"{seq} {name}" for seq, there in values.items() for name in there)


@pytest.mark.parametrize(("name", "talk"), CONVERSATIONS, ids=[name for name, _ in CONVERSATIONS])
def test_both_servers_answer_as_is_published_and_keep_the_same_values(name, talk, tmp_path):
    pictures = {own("_talks").PICTURE: data(one) for one in talk["images"]}
    store, server = Store(tmp_path / "peer.sqlite"), own("server").Server(pictures)
    for sha256, picture in pictures.items():
        assert store.put_image(sha256, picture)
    for batch in talk["batches"]:
        expected = (batch["status"], batch["answers"])
        assert first(store, batch["entries"]) == expected
        assert second(server, batch["entries"]) == expected
    chain = talk["chain"]
    assert names_of({seq: store.openings(chain, seq) for seq in range(9)}) == talk["values"]
    assert sorted(f"{seq} {field}" for where, seq, field in server.values if where == chain) == talk["values"]
    store.close()


@pytest.mark.parametrize("case", VECTORS["receipts"], ids=[one["name"] for one in VECTORS["receipts"]])
def test_the_uploader_and_the_second_reader_believe_the_same_receipts(case):
    expected = None if case["reaches"] is None else (SENT[0].chain, case["reaches"])
    assert reaches(case["receipt"]) == expected
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(VECTORS["public"]))
    try:
        found = _receipts(SENT, [case["receipt"]], public)
    except TransientError:
        found = {}
    reached = [(where, read(receipt, public).seq) for where, receipt in found.items()]
    assert reached == ([expected] if expected else [])


def test_what_is_published_is_what_its_script_makes():
    assert own("make_protocol").made() == json.dumps(VECTORS, indent=1) + "\n"


def test_a_receipt_with_another_bit_anywhere_is_refused():
    good = next(one for one in VECTORS["receipts"] if one["name"] == "good")["receipt"]
    for part in ("body", "signature"):
        raw = bytearray(data(good[part]))
        for at in range(len(raw)):
            raw[at] ^= 1
            assert reaches({**good, part: base64.b64encode(raw).decode()}) is None
            raw[at] ^= 1
