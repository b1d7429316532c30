"""Appending to the journal: one transaction, signed, chained, and erased where a tombstone says so."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from workdiary.journal import entry as entries
from workdiary.journal import schema
from workdiary.slots import day_slots, slot_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import apsw

    from workdiary.journal.keys import Keys


HASH_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An entry to be: the journal adds device, seq, prev, time, commitments and signature."""

    contract: str
    type: type[entries.Entry]
    values: dict[str, Any] = field(default_factory=dict)
    openings: dict[str, Any] = field(default_factory=dict)  #: JSON values by field; each gets a salt of its own
    images: tuple[str, ...] = ()  #: blobs that the entry names
    deleted: bool = False  #: its owner's tombstone goes in right behind it: its values are never to be seen


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """Where an appended entry stands."""

    number: int
    seq: int


class Journal:
    """The single writer. Nothing is acknowledged before it is on the disk (WAL, synchronous=FULL)."""

    def __init__(self, path: Path, keys: Keys, *, vfs: str = "") -> None:
        self.path = path
        self.keys = keys
        self._vfs = vfs
        self.connection = schema.connect(path, vfs=vfs, exclusive=bool(vfs))
        self._remember()

    def _remember(self) -> None:
        self.last_number = self.connection.execute("SELECT coalesce(max(number), 0) FROM entry").get

    def sealed_after(self, number: int) -> list[Sealed]:
        """Return where the entries behind *number* stand."""
        rows = self.connection.execute("SELECT number, seq FROM entry WHERE number > ? ORDER BY number", (number,))
        return [Sealed(number=number, seq=seq) for number, seq in rows]

    def reopen(self) -> None:
        """Take a new connection: after an I/O error nothing in the old one can be believed.

        The new one comes first. If there is none to be had the old one stays for reading; and as the file is never
        left by all, what a failed sync has left in the write-ahead log is written anew, not taken for granted.
        """
        fresh = schema.connect(self.path, vfs=self._vfs, exclusive=bool(self._vfs))
        self.connection.close()
        self.connection = fresh
        self._remember()

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def transaction(self) -> _immediate:
        """Return a context manager: all or nothing."""
        return _immediate(self.connection)

    def append(
        self, drafts: Sequence[Draft], *, at_ms: int, open_state: bytes | None = None, unlink: Sequence[str] = ()
    ) -> list[Sealed]:
        """Append *drafts* in order and set the open segment's state, all or nothing; ``b""`` clears the state.

        :param unlink: images that the state names no more; their files are to go when this is on the disk.
        """
        return self.append_dated([(at_ms, draft) for draft in drafts], open_state=open_state, unlink=unlink)

    def append_dated(
        self, dated: Sequence[tuple[int, Draft]], *, open_state: bytes | None = None, unlink: Sequence[str] = ()
    ) -> list[Sealed]:
        """Append drafts, each with the time at which it was written (ms since 1970), as ``append`` does."""
        with _immediate(self.connection):
            sealed = [one for at_ms, draft in dated for one in self._append(draft, at_ms)]
            if open_state is not None:
                self.put_state(open_state)
            self.connection.executemany("INSERT OR IGNORE INTO unlink VALUES(?)", ((one,) for one in unlink))
        self.last_number = max([self.last_number, *(one.number for one in sealed)])
        return sealed

    def saved_state(self) -> bytes:
        """Return the open segment's row, ``b""`` if there is none."""
        return read_state(self.connection)

    def put_state(self, state: bytes) -> None:
        """Overwrite the open segment's row, within a transaction; it has no signature, so it carries its hash."""
        if state:
            value = hashlib.sha256(state).digest() + state
            self.connection.execute("INSERT OR REPLACE INTO open_state VALUES(1, ?)", (value,))
        else:
            self.connection.execute("DELETE FROM open_state")

    def _append(self, draft: Draft, at_ms: int) -> list[Sealed]:
        sealed = self.insert(draft, *self._head(draft.contract, at_ms), at_ms)
        if not draft.deleted:
            return [sealed]
        values = {"of": [sealed.seq], "fields": ["*"], "why": "owner"}
        return [sealed, *self._append(Draft(contract=draft.contract, type=entries.Tombstone, values=values), at_ms)]

    def _head(self, contract: str, at_ms: int) -> tuple[int, int, str]:
        """Return chain id, next seq and the last digest; a new chain begins with the device's key."""
        device = self.keys.device
        run = self.connection.execute
        row = run("SELECT id FROM chain WHERE device = ? AND contract = ?", (device, contract)).fetchone()
        if row is None:
            run("INSERT INTO chain(device, contract) VALUES(?, ?)", (device, contract))
            chain = self.connection.last_insert_rowid()
            values = {"public": self.keys.public, "recipient": self.keys.recipient}
            key = Draft(contract=contract, type=entries.Key, values=values)
            self.insert(key, chain, 0, entries.FIRST_PREV, at_ms)
        else:
            chain = row[0]
        last: Any = run("SELECT seq, digest FROM entry WHERE chain = ? ORDER BY seq DESC LIMIT 1", (chain,)).fetchone()
        return chain, last[0] + 1, last[1]

    def insert(self, draft: Draft, chain: int, seq: int, prev: str, at_ms: int) -> Sealed:
        """Write one entry at a place in its chain, within a transaction."""
        opened = {name: (os.urandom(32), entries.canonical(value)) for name, value in draft.openings.items()}
        values = dict(draft.values, device=self.keys.device, contract=draft.contract, seq=seq, prev=prev, at=at_ms)
        if "commits" in draft.type.__struct_fields__:
            values["commits"] = {name: entries.commitment(name, *pair) for name, pair in opened.items()}
        made = msgspec.convert(values, draft.type)
        body = entries.encode(made)  # type: ignore[arg-type]  # every Draft.type is one of AnyEntry
        self.connection.execute(
            "INSERT INTO entry(chain, seq, kind, slot, body, signature, digest) VALUES(?, ?, ?, ?, ?, ?, ?)",
            (chain, seq, entries.kind_of(made), slot_column(values), body, self.keys.sign(body), entries.digest(body)),
        )
        number = self.connection.last_insert_rowid()
        for name, (salt, value) in opened.items():
            self.connection.execute("INSERT INTO opening VALUES(?, ?, ?, ?)", (number, name, salt, value))
        for sha256 in draft.images:
            self.connection.execute("INSERT OR IGNORE INTO image VALUES(?, ?)", (sha256, number))
        if isinstance(made, entries.Edit | entries.Tombstone):
            self._aim(made, chain, number)
        return Sealed(number=number, seq=seq)

    def _aim(self, made: entries.Edit | entries.Tombstone, chain: int, number: int) -> None:
        run = self.connection.execute
        for seq in made.of:
            target: int = run("SELECT number FROM entry WHERE chain = ? AND seq = ?", (chain, seq)).get
            run("INSERT INTO target VALUES(?, ?)", (target, number))
            if isinstance(made, entries.Tombstone):
                self._erase(target, made.fields)

    def _erase(self, target: int, fields: list[str]) -> None:
        """Erase values and salts; blobs are unlinked only after the tombstone is on the disk."""
        run = self.connection.execute
        if "*" in fields:
            run("DELETE FROM opening WHERE number = ?", (target,))
            run(_ERASE_EDITS, (target,))
        else:
            for name in fields:
                run("DELETE FROM opening WHERE number = ? AND field = ?", (target, name))
        run("INSERT OR IGNORE INTO unlink SELECT sha256 FROM image WHERE number = ?", (target,))
        run("DELETE FROM image WHERE number = ?", (target,))


def read_state(connection: apsw.Connection) -> bytes:
    """Return the open segment's row, ``b""`` if there is none; ValueError if it is damaged."""
    row: Any = connection.execute("SELECT value FROM open_state").fetchone()
    if row is None:
        return b""
    value = row[0]
    if not isinstance(value, bytes) or hashlib.sha256(value[HASH_BYTES:]).digest() != value[:HASH_BYTES]:
        raise ValueError("the open segment is damaged")
    return value[HASH_BYTES:]


#: An edit's memo goes when every entry that it edits was erased.
_ERASE_EDITS = """
DELETE FROM opening WHERE number IN (
  SELECT by FROM target JOIN entry ON entry.number = by AND kind = 'edit' WHERE target.number = ?1
) AND NOT EXISTS (
  SELECT 1 FROM target AS other JOIN opening AS alive ON alive.number = other.number WHERE other.by = opening.number)
"""


class _immediate:  # noqa: N801  # reads as a keyword: with _immediate(connection)
    """BEGIN IMMEDIATE ... COMMIT, rolled back on any exception."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
        else:
            self._roll_back()

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def slot_column(values: dict[str, Any]) -> int:
    """Return the slot that an entry concerns, for the index."""
    if "slot" in values:
        return int(values["slot"])
    if "date" in values:
        return day_slots(date.fromisoformat(values["date"])).start
    return slot_of(values.get("start", values["at"]))
