"""Changes to an export by somebody without a key: (bundle, members, rng) -> the changed bundle."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workdiary.journal import entry as kinds
from workdiary.proof.bundle import build
from workdiary.proof.lines import SignedEntry, read_entries, write_entries

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

Members = dict[str, bytes]


def rebuilt(members: Members) -> bytes:
    file = io.BytesIO()
    build(members, file)
    return file.getvalue()


def flipped(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


# Outsiders: (bundle, members, rng) -> bundle


def flip_file(bundle: bytes, _: Members, rng: random.Random) -> bytes:
    return flipped(bundle, rng)


def cut_file(bundle: bytes, _: Members, rng: random.Random) -> bytes:
    return bundle[: rng.randrange(len(bundle))]


def flip_member(_: bytes, members: Members, rng: random.Random) -> bytes:
    name = rng.choice([name for name in members if members[name]])
    return rebuilt({**members, name: flipped(members[name], rng)})


def lines(change: Callable[[list[bytes], random.Random], None], member: str) -> Callable[..., bytes]:
    def mutate(_: bytes, members: Members, rng: random.Random) -> bytes:
        name = rng.choice([name for name in members if name.endswith(member)])
        rows = members[name].splitlines(keepends=True)
        change(rows, rng)
        return rebuilt({**members, name: b"".join(rows)})

    return mutate


def drop(rows: list[bytes], rng: random.Random) -> None:
    rows.pop(rng.randrange(len(rows)))


def cut_tail(rows: list[bytes], rng: random.Random) -> None:
    del rows[rng.randrange(1, len(rows)) :]


def swap(rows: list[bytes], rng: random.Random) -> None:
    one, other = rng.sample(range(len(rows)), 2)
    rows[one], rows[other] = rows[other], rows[one]


def duplicate(rows: list[bytes], rng: random.Random) -> None:
    rows.insert(rng.randrange(len(rows) + 1), rng.choice(rows))


def resign_line(rows: list[bytes], rng: random.Random) -> None:
    at = rng.randrange(len(rows))
    signed = read_entries("", rows[at])[0]
    key = Ed25519PrivateKey.from_private_bytes(rng.randbytes(32))
    rows[at] = write_entries([SignedEntry(body=signed.body, signature=key.sign(kinds.pae(signed.body)))])


def swap_salts(rows: list[bytes], rng: random.Random) -> None:
    one, other = rng.sample(range(len(rows)), 2)
    first, second = json.loads(rows[one]), json.loads(rows[other])
    first["salt"], second["salt"] = second["salt"], first["salt"]
    rows[one], rows[other] = kinds.canonical(first) + b"\n", kinds.canonical(second) + b"\n"


def foreign_opening(rows: list[bytes], rng: random.Random) -> None:
    """Put the value and salt of another entry's field in the place of one."""
    one, other = (json.loads(row) for row in rng.sample(rows, 2))
    at = rows.index(kinds.canonical(one) + b"\n")
    rows[at] = kinds.canonical({**other, "seq": one["seq"], "field": one["field"]}) + b"\n"


def drop_chain(_: bytes, members: Members, rng: random.Random) -> bytes:
    device = rng.choice([name.split("/")[0] for name in members if name.endswith(".jsonl")])
    return rebuilt({name: data for name, data in members.items() if not name.startswith(device)})


def change_total(_: bytes, members: Members, rng: random.Random) -> bytes:
    claim = json.loads(members["statement.json"])
    key = rng.choice([key for key, value in claim["statement"].items() if isinstance(value, int)])
    claim["statement"][key] += rng.choice((-1, 1, 3600))
    return rebuilt({**members, "statement.json": kinds.canonical(claim)})


OUTSIDERS: dict[str, Callable[[bytes, Members, random.Random], bytes]] = {
    "flip a bit of the file": flip_file,
    "flip a bit of a member": flip_member,
    "cut the file": cut_file,
    "drop an entry": lines(drop, "entries.jsonl"),
    "drop the tail of a chain": lines(cut_tail, "entries.jsonl"),
    "swap two entries": lines(swap, "entries.jsonl"),
    "duplicate an entry": lines(duplicate, "entries.jsonl"),
    "sign an entry with another key": lines(resign_line, "entries.jsonl"),
    "drop an opening": lines(drop, "openings.jsonl"),
    "swap the salts of two fields": lines(swap_salts, "openings.jsonl"),
    "an opening from another entry": lines(foreign_opening, "openings.jsonl"),
    "drop a chain": drop_chain,
    "change a total": change_total,
}
