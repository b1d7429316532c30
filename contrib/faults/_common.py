"""What the fault programs share: homes, keys, entries with a number in them, an independent check of a chain."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workdiary.clock import Reading
from workdiary.diary.terms import Terms as ContractTerms
from workdiary.journal import entry as entries
from workdiary.journal.keys import Keys, from_secret
from workdiary.journal.store import Draft
from workdiary.paths import Home
from workdiary.record.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import apsw

#: In memory: what is tested is what reaches the kernel, not the disk's speed.
FAST = Path("/dev/shm")
RECIPIENT = "age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq"
FIRST_SLOT = 2_983_000  # in September 2026
CONTRACT = "acme"


def make_keys(name: str = "faults") -> Keys:
    seed = hashlib.sha256(name.encode()).hexdigest()
    return from_secret(json.dumps({"seed": seed, "identity": "none", "recipient": RECIPIENT}))


KEYS = make_keys()


def make_home(path: Path) -> Home:
    home = Home.find({"WORKDIARY_HOME": str(path)})
    home.prepare()
    return home


def terms(contract: str = CONTRACT) -> Draft:
    terms = ContractTerms(title=contract, rate=5000, currency="EUR").to_entry()
    return Draft(contract=contract, type=entries.Terms, values={"terms": terms})


def segment(number: int, *, images: Sequence[str] = (), contract: str = CONTRACT, padding: int = 0) -> Draft:
    """Return the segment of the *number*-th slot."""
    look = {"width": 1600, "height": 900, "bytes": 9, "media_type": "image/webp"}
    taken = {"taken_at": 1, "cause": "derived", "not_noticed": "no notifier"}
    shots = [{"sha256": one, **look, **taken} for one in images]
    return Draft(
        contract=contract,
        type=entries.Segment,
        values={"session": "s1", "slot": FIRST_SLOT + number, "intervals": [(0, 600_000)], "moments": []},
        openings={
            "window": {"app": "editor", "title": f"title {number} " + "x" * padding},
            "counts": {"minutes": [[number % 97, 2, 1, 60]] * 10, "unknown": {}, "sources": {}},
            "memo": f"memo {number}",
            "snapshot": {"taken_at": 1, "cause": "derived", "images": shots} if shots else {"missing": "none"},
        },
        images=tuple(images),
    )


def tombstone(seqs: list[int], fields: Sequence[str] = ("*",), contract: str = CONTRACT) -> Draft:
    values = {"of": seqs, "fields": list(fields), "why": "owner"}
    return Draft(contract=contract, type=entries.Tombstone, values=values)


def at_ms(number: int) -> int:
    return (FIRST_SLOT + number + 1) * 600_000


def state(tick: int) -> bytes:
    """Return an open segment's row that is *tick* seconds old."""
    last = Reading(wall=tick * 1000, mono=tick * 1000, boot=tick * 1000, boot_id="b")
    made = State(session="s1", contract=CONTRACT, memo="m", paused=False, last=last, position=tick * 1000)
    return msgspec.json.encode(made)


def state_tick(saved: bytes) -> int:
    return msgspec.json.decode(saved, type=State).last.mono // 1000 if saved else 0


class Head(NamedTuple):
    """Where the check of one chain stands."""

    seq: int
    digest: str


NO_HEAD = Head(-1, "0" * 64)


def check_chains(connection: apsw.Connection, heads: dict[int, Head], public: str = KEYS.public) -> list[str]:
    """Check, written from docs/reference/journal.md alone, what lies behind *heads*, which are moved on."""
    problems = []
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    for (chain,) in connection.execute("SELECT id FROM chain").fetchall():
        head = heads.get(chain, NO_HEAD)
        sql = "SELECT seq, body, signature, digest, number FROM entry WHERE chain = ? AND seq > ? ORDER BY seq"
        for seq, body, signature, digest, number in connection.execute(sql, (chain, head.seq)).fetchall():
            try:
                fields = json.loads(body)
            except ValueError:
                return [*problems, f"chain {chain} entry {seq}: the body is torn"]
            problems += [
                f"chain {chain} entry {seq}: {one}" for one in _faults(key, head, fields, seq, body, signature, digest)
            ]
            problems += _bad_openings(connection, number, fields)
            head = Head(seq, hashlib.sha256(body).hexdigest())
        heads[chain] = head
    return problems


def _faults(
    key: Ed25519PublicKey, head: Head, fields: dict, seq: int, body: bytes, signature: bytes, digest: str
) -> Iterable[str]:
    pae = b"DSSEv1 %d %s %d %s" % (len(entries.PAYLOAD_TYPE), entries.PAYLOAD_TYPE, len(body), body)
    try:
        key.verify(signature, pae)
    except InvalidSignature:
        yield "the signature is wrong"
    expected = fields["lost_to"] + 1 if fields["kind"] == "recover" else head.seq + 1
    if fields["seq"] != seq or seq != expected:
        yield f"seq {fields['seq']} in the place of {expected}"
    if fields["prev"] != head.digest:
        yield "prev is not the entry before"
    if hashlib.sha256(body).hexdigest() != digest:
        yield "the digest is wrong"
    if rfc8785.dumps(fields) != body:
        yield "the body is not canonical"


def _bad_openings(connection: apsw.Connection, number: int, fields: dict) -> Iterable[str]:
    rows = connection.execute("SELECT field, salt, value FROM opening WHERE number = ?", (number,)).fetchall()
    for name, salt, value in rows:
        made = hashlib.sha256(b"workdiary/1/" + name.encode() + b"\0" + salt + value).hexdigest()
        if fields.get("commits", {}).get(name) != made:
            yield f"entry {fields['seq']}: the opening of {name} is not what was signed"


def all_bytes(connection: apsw.Connection) -> dict[str, bytes]:
    """Return every entry's body by its digest."""
    return {digest: bytes(body) for digest, body in connection.execute("SELECT digest, body FROM entry").fetchall()}


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def table(rows: Iterable[Sequence[object]]) -> None:
    """Print rows as columns; the first is the head."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        print(
            "  ".join(
                cell.ljust(width) if not i else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
        )


def finish(failures: Sequence[str], begun: float) -> int:
    """Print the verdict; return the exit code."""
    print(f"{time.monotonic() - begun:.1f} s")
    for one in list(failures)[:20]:
        print(f"BROKEN: {one}")
    print("FAIL" if failures else "PASS")
    return 1 if failures else 0


def run_jobs(jobs: int, work, *arguments) -> list:  # any picklable function
    """Run ``work(job, *arguments)`` in *jobs* forked processes; return their results."""
    if jobs == 1:
        return [work(0, *arguments)]
    from multiprocessing import get_context

    with get_context("fork").Pool(jobs) as pool:
        return pool.starmap(work, [(job, *arguments) for job in range(jobs)])


def scratch() -> str:
    """Return where temporary homes go."""
    return str(FAST) if os.access(FAST, os.W_OK) else "/tmp"
