"""What a server signs is judged alike by the product and by contrib/second-reader, on the published vectors."""

from __future__ import annotations

import base64
import hashlib
import json
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from workdiary.delivery.answers import judge
from workdiary.proof import receipt as receipts
from workdiary.proof.links import public_key
from workdiary.uploader import BehindError, Item, Stored, TransientError
from workdiary_http.link import _complain
from workdiary_http.uploader import Http

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
READER = ROOT / "contrib/second-reader"
TEXT = (ROOT / "docs/reference/vectors/receipts.json").read_text("utf-8")
CASES = json.loads(TEXT)
SECOND = runpy.run_path(str(READER / "receipt.py"))["judge"]
READ = runpy.run_path(str(READER / "_receipt.py"))["read_receipt"]
FAULTS = "signature server chain digest sequence rolled-back fork version malformed missing"


def items(entries: list[dict[str, Any]]) -> list[Item]:
    """Return entries as the delivery offers them."""
    found = []
    for number, entry in enumerate(entries):
        body, signature = (base64.b64decode(entry[part]) for part in ("body", "signature"))
        said = json.loads(body)
        chain = f"{said['device']}/{said['contract']}"
        values = {"kind": said["kind"], "body": body, "signature": signature, "openings": {}}
        found.append(Item(number=number, chain=chain, seq=said["seq"], **values))
    return found


def answers_of(case: dict[str, Any], exchange: dict[str, Any]) -> Any:
    """Return what stands in for the network: everything of the client but its socket is the product's."""
    public = case["public"]
    server = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]

    def send(method: str, _url: str, _data: bytes | None, _headers: Any) -> bytes:
        if method == "GET":
            return json.dumps({"protocol": 1, "server": server, "public": public, "entries": 256}).encode()
        if "heads" in exchange:
            _complain(409, json.dumps(exchange).encode(), "")
        return json.dumps(exchange).encode()

    return send


def first(case: dict[str, Any], place: Path) -> tuple[bool, dict[str, list[int]]]:
    """Return whether nothing is wrong for the product, and what it takes for acknowledged."""
    good, held = True, {}
    for exchange in case["exchanges"]:
        uploader = Http("https://example.org/", "token", place)
        uploader._link._send = answers_of(case, exchange)
        sent = items(exchange["entries"])
        try:
            done, fault = judge(sent, uploader.deliver(sent))
        except TransientError:
            good = False
        except BehindError as behind:
            good &= all(behind.heads.get(chain, -1) >= max(seqs) for chain, seqs in held.items())
        else:
            good &= not fault
            for item in [item for item, told in done if isinstance(told, Stored)]:
                held[item.chain] = sorted({*held.get(item.chain, ()), item.seq})
    return good, held


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_both_hold_the_same_of_what_a_server_answers(case: dict[str, Any], tmp_path: Path) -> None:
    assert SECOND(case) == {key: case[key] for key in ("verdict", "acknowledged")}
    assert first(case, tmp_path) == (case["verdict"] == "valid", case["acknowledged"])


def test_the_vectors_are_what_the_script_writes() -> None:
    assert runpy.run_path(str(READER / "make_receipt_vectors.py"))["text"]() == TEXT


def test_every_fault_is_there() -> None:
    assert {case["verdict"] for case in CASES} == {"valid", *FAULTS.split()}


def flips(data: bytes) -> Iterator[str]:
    """Return the data with each of its bits changed once, in base64."""
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield base64.b64encode(changed).decode()


@pytest.mark.parametrize("part", ["body", "signature"])
def test_a_receipt_of_which_one_bit_is_changed_counts_for_neither(part: str) -> None:
    case = CASES[0]
    public, honest = case["public"], case["exchanges"][0]["receipts"][0]
    assert receipts.read(json.dumps(honest).encode(), public_key(public)).seq == READ(public, honest)["seq"]
    for text in flips(base64.b64decode(honest[part])):
        changed = honest | {part: text}
        with pytest.raises(ValueError, match="not signed"):
            receipts.read(json.dumps(changed).encode(), public_key(public))
        with pytest.raises(Exception, match="signature"):
            READ(public, changed)
