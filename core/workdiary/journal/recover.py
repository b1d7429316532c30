"""A journal that is damaged is set aside, never overwritten; what is provably ours goes on in a new one."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

import apsw
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workdiary.journal import entry as entries
from workdiary.journal import schema
from workdiary.journal.store import Draft, Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workdiary.journal.keys import Keys
    from workdiary.paths import Home


class _Found(NamedTuple):
    number: int
    chain: int
    seq: int
    kind: str
    slot: int
    body: bytes
    signature: bytes
    digest: str


#: No entry, with its signature, is shorter.
LEAST_ENTRY_BYTES = 200
_COLUMNS = "number, chain, seq, kind, slot, body, signature, digest"


def mend(home: Home, keys: Keys) -> str:
    """Check the journal and mend it if it is damaged; return what was done, empty if nothing was needed."""
    if not home.journal.exists() or _is_sound(home.journal):
        return ""
    aside = _set_aside(home.journal)
    journal = Journal(home.journal, keys)
    try:
        saved, lost = _salvage(aside, journal)
    finally:
        journal.close()
    return f"the journal was damaged: {saved} entries were saved, {lost} were lost; the old file is {aside.name}"


def _is_sound(path: Path) -> bool:
    try:
        connection = schema.connect(path)
    except (apsw.CorruptError, apsw.NotADBError, apsw.SQLError):
        return False
    try:
        return bool(connection.pragma("quick_check") == "ok")
    except apsw.Error:
        return False
    finally:
        connection.close()


def _set_aside(path: Path) -> Path:
    aside = path.with_name(f"{path.name}.bad-{time.time_ns() // 1_000_000}")
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    directory = os.open(path.parent, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)
    return aside


def _salvage(aside: Path, journal: Journal) -> tuple[int, int]:
    """Copy the sound prefix of every chain; return how many entries were saved and how many are known to be lost."""
    chains: dict[int, list[_Found]] = {}
    for row in sorted(_readable(aside), key=lambda one: (one.chain, one.seq)):
        chains.setdefault(row.chain, []).append(row)
    saved = lost = 0
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(journal.keys.public))
    with journal.transaction():
        for found in chains.values():
            good = list(_sound_prefix(found, public))
            saved += len(good)
            if good:
                _copy(journal.connection, aside, good)
                lost += _close_hole(journal, good[-1], found[-1].seq)
    return saved, lost


def _readable(aside: Path) -> Iterator[_Found]:
    """Yield what can be read, one row at a time, so that one bad page costs its own rows only."""
    try:
        connection = apsw.Connection(str(aside))
    except apsw.Error:
        return
    last = aside.stat().st_size // LEAST_ENTRY_BYTES  # max(number) itself may lie on a bad page
    for number in range(1, last + 1):
        try:
            row = connection.execute(f"SELECT {_COLUMNS} FROM entry WHERE number = ?", (number,)).fetchone()
        except apsw.Error:
            continue
        if row is not None and [type(value) for value in row] == [int, int, int, str, int, bytes, bytes, str]:
            yield _Found(*row)
    connection.close()


def _sound_prefix(rows: list[_Found], public: Ed25519PublicKey) -> Iterator[_Found]:
    """Yield rows as long as each is signed by us and follows the one before it."""
    prev, expected = entries.FIRST_PREV, 0
    for row in rows:
        try:
            entry = entries.decode(row.body)
            public.verify(row.signature, entries.pae(row.body))
        except (ValueError, InvalidSignature):
            return
        after_hole = isinstance(entry, entries.Recover) and entry.lost_to + 1 == entry.seq > expected
        if entry.prev != prev or entry.seq != row.seq or not (entry.seq == expected or after_hole):
            return
        prev, expected = entries.digest(row.body), entry.seq + 1
        yield row


def _copy(connection: apsw.Connection, aside: Path, rows: list[_Found]) -> None:
    """Copy entries with what belongs to them, as far as it can be read; a missing opening is shown as withheld."""
    first = entries.decode(rows[0].body)
    connection.execute("INSERT INTO chain VALUES(?, ?, ?)", (rows[0].chain, first.device, first.contract))
    for row in rows:
        connection.execute(f"INSERT INTO entry({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?)", row)
    numbers = {row.number for row in rows}
    source = apsw.Connection(str(aside))
    for table, width in (("opening", 4), ("target", 2), ("image", 2)):
        for number in sorted(numbers):
            try:
                found = source.execute(f"SELECT * FROM {table} WHERE number = ?", (number,)).fetchall()
            except apsw.Error:
                continue
            for values in found:
                if table != "target" or values[1] in numbers:
                    marks = ", ".join("?" * width)
                    connection.execute(f"INSERT OR IGNORE INTO {table} VALUES({marks})", values)
    source.close()


def _close_hole(journal: Journal, last: _Found, last_seen: int) -> int:
    """Say in the chain which seqs are known to be lost; none if the readable rows end with the prefix."""
    if last_seen == last.seq:
        return 0
    values = {"lost_from": last.seq + 1, "lost_to": last_seen, "reason": "the journal file was damaged"}
    draft = Draft(contract=entries.decode(last.body).contract, type=entries.Recover, values=values)
    journal.insert(draft, last.chain, last_seen + 1, last.digest, time.time_ns() // 1_000_000)
    return last_seen - last.seq
