"""A journal that is damaged is set aside, never overwritten; what is provably ours goes on in a new one."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import apsw
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workdiary.journal import entry as entries
from workdiary.journal import schema
from workdiary.journal.store import Draft, Journal, read_state, slot_column
from workdiary.system.directory import Directory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workdiary.journal.keys import Keys
    from workdiary.paths import Home


class _Found(NamedTuple):
    number: int
    chain: int
    seq: int
    body: bytes
    signature: bytes


#: No entry, with its signature, is shorter.
LEAST_ENTRY_BYTES = 200
_COLUMNS = "number, chain, seq, body, signature"


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


class _Gist(msgspec.Struct):
    """The part of a body that columns and chain repeat; all kinds have the first six."""

    device: str
    contract: str
    kind: str
    seq: int
    prev: str
    at: int
    slot: int | None = None
    date: str | None = None
    start: int | None = None

    @property
    def slot_column(self) -> int:
        values = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}
        return slot_column(values)


_gist = msgspec.json.Decoder(_Gist)


def _is_sound(path: Path) -> bool:
    """Look without touching: what is damaged is kept as it is."""
    if path.stat().st_size == 0:
        return False
    try:
        with closing(schema.connect_readonly(path)) as connection:
            schema.require_ours(connection, path)
            return bool(connection.pragma("quick_check") == "ok") and _is_whole(connection)
    except (apsw.CantOpenError, apsw.FullError, apsw.BusyError, apsw.ReadOnlyError):
        return True  # the disk is in the way, not the file: whoever opens it for writing will say so
    except (apsw.Error, ValueError, schema.ForeignError):
        return False


def _is_whole(connection: apsw.Connection) -> bool:
    """Say whether every body is what was chained, for SQLite sees no changed bits within a row.

    Signatures are left to ``verify``: they would take seconds on a journal of years.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()}
    if not tables:
        return True  # a start that was cut short before it made them
    if not tables.issuperset(schema.NAMES):
        return False
    read_state(connection)
    chain, expected, prev = 0, 0, entries.FIRST_PREV
    rows: Any = connection.execute(
        "SELECT chain, device, contract, seq, kind, slot, body, digest FROM entry LEFT JOIN chain ON id = chain"
        " ORDER BY chain, seq"
    )
    for row_chain, device, contract, seq, kind, slot, body, digest in rows:
        if row_chain != chain:
            chain, expected, prev = row_chain, 0, entries.FIRST_PREV
        gist = _gist.decode(body)
        columns = (gist.device, gist.contract, gist.seq, gist.kind, gist.slot_column)
        follows = gist.prev == prev and (seq == expected or kind == "recover")
        if columns != (device, contract, seq, kind, slot) or not follows or entries.digest(body) != digest:
            return False
        expected, prev = seq + 1, digest
    return True


def _set_aside(path: Path) -> Path:
    aside = path.with_name(f"{path.name}.bad-{time.time_ns() // 1_000_000}")
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    with Directory(path.parent, follow=True) as directory:
        directory.sync()
    return aside


def _salvage(aside: Path, journal: Journal) -> tuple[int, int]:
    """Copy the sound prefix of every chain; return how many entries were saved and how many are known to be lost."""
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(journal.keys.public))
    try:
        source = _open_damaged(aside)
        last = aside.stat().st_size // LEAST_ENTRY_BYTES  # max(number) itself may lie on a bad page
        readable = list(_readable(source, last))
    except apsw.Error:
        return 0, 0
    chains: dict[int, list[_Found]] = {}
    for row in sorted(readable, key=lambda one: (one.chain, one.seq)):
        chains.setdefault(row.chain, []).append(row)
    good = {chain: list(_sound_prefix(found, public)) for chain, found in chains.items()}
    with closing(source), journal.transaction():
        for rows in good.values():
            _copy(journal.connection, source, rows)
        _copy_state(journal, source)
        # Only now: what says what was lost gets a number of its own.
        lost = sum(_close_hole(journal, rows[-1], chains[chain][-1].seq) for chain, rows in good.items() if rows)
    return sum(map(len, good.values())), lost


def _open_damaged(aside: Path) -> apsw.Connection:
    """Open for reading alone, whatever the header says of the number of pages."""
    connection = apsw.Connection(str(aside), flags=apsw.SQLITE_OPEN_READONLY)
    connection.execute("PRAGMA writable_schema=ON")
    return connection


def _readable(source: apsw.Connection, last: int) -> Iterator[_Found]:
    """Yield what can be read, one row at a time, so that one bad page costs its own rows only."""
    for number in range(1, last + 1):
        try:
            row = source.execute(f"SELECT {_COLUMNS} FROM entry WHERE number = ?", (number,)).fetchone()
        except (apsw.Error, ValueError):
            continue
        if row is not None and [type(value) for value in row] == [int, int, int, bytes, bytes]:
            yield _Found(*row)


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


def _copy(connection: apsw.Connection, source: apsw.Connection, rows: list[_Found]) -> None:
    """Copy entries with what belongs to them, as far as it can be read; a missing opening is shown as withheld."""
    numbers = {row.number for row in rows}
    for row in rows:
        gist, digest = _gist.decode(row.body), entries.digest(row.body)
        if row is rows[0]:
            connection.execute("INSERT INTO chain VALUES(?, ?, ?)", (row.chain, gist.device, gist.contract))
        connection.execute(
            "INSERT INTO entry(number, chain, seq, kind, slot, body, signature, digest) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
            (row.number, row.chain, row.seq, gist.kind, gist.slot_column, row.body, row.signature, digest),
        )
    for table, width in (("opening", 4), ("target", 2), ("image", 2)):
        marks = ", ".join("?" * width)
        for number in sorted(numbers):
            with suppress(apsw.Error, ValueError):
                found = source.execute(f"SELECT * FROM {table} WHERE number = ?", (number,)).fetchall()
                for values in found:
                    if table != "target" or values[1] in numbers:
                        connection.execute(f"INSERT OR IGNORE INTO {table} VALUES({marks})", values)


def _copy_state(journal: Journal, source: apsw.Connection) -> None:
    with suppress(apsw.Error, ValueError):
        journal.put_state(read_state(source))


def _close_hole(journal: Journal, last: _Found, last_seen: int) -> int:
    """Say in the chain which seqs are known to be lost; none if the readable rows end with the prefix."""
    if last_seen == last.seq:
        return 0
    values = {"lost_from": last.seq + 1, "lost_to": last_seen, "reason": "the journal file was damaged"}
    draft = Draft(contract=entries.decode(last.body).contract, type=entries.Recover, values=values)
    journal.insert(draft, last.chain, last_seen + 1, entries.digest(last.body), time.time_ns() // 1_000_000)
    return last_seen - last.seq
