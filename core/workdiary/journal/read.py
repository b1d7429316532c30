"""Reading the journal: a tracker may be writing it meanwhile."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workdiary.journal.entry import AnyEntry, Terms, commitment, decode_own
from workdiary.slots import day_slots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    import apsw


@dataclass(frozen=True, kw_only=True)
class Row:
    """One entry as it lies in the journal, with the openings that are left."""

    number: int
    entry: AnyEntry
    body: bytes
    signature: bytes
    digest: str
    openings: dict[str, tuple[bytes, bytes]]  #: field -> (salt, value)


_ROW = "SELECT number, body, signature, digest FROM entry "
#: Edits and tombstones of the wanted entries may be written much later than these.
_BETWEEN = (  # no value ever becomes part of a statement, only constants do
    _ROW + "WHERE number IN (SELECT number FROM entry WHERE slot BETWEEN ?1 AND ?2"
    " UNION SELECT by FROM target JOIN entry USING(number) WHERE slot BETWEEN ?1 AND ?2) ORDER BY number"
)


def between(connection: apsw.Connection, slots: range) -> list[Row]:
    """Return the entries that concern *slots* and what was later said of them, in journal order."""
    return list(_rows(connection, _BETWEEN, (slots.start, slots.stop - 1)))


def after(connection: apsw.Connection, number: int, limit: int) -> list[Row]:
    """Return up to *limit* entries behind *number*, in journal order."""
    return list(_rows(connection, _ROW + "WHERE number > ? ORDER BY number LIMIT ?", (number, limit)))


def terms_rows(connection: apsw.Connection) -> list[Row]:
    """Return every entry of terms, of all contracts, in journal order."""
    return list(_rows(connection, _ROW + "WHERE kind = 'terms' ORDER BY chain, number", ()))


def chain_range(connection: apsw.Connection, contract: str, first: int, last: int) -> list[Row]:
    """Return the entries ``first..last`` by seq of the contract's chain on this device."""
    sql = _ROW + "WHERE chain = (SELECT id FROM chain WHERE contract = ?) AND seq BETWEEN ? AND ? ORDER BY seq"
    return list(_rows(connection, sql, (contract, first, last)))


def last_terms(connection: apsw.Connection, contract: str, before_seq: int) -> Row | None:
    """Return the terms that stood before *before_seq*."""
    sql = (
        _ROW + "WHERE chain = (SELECT id FROM chain WHERE contract = ?) AND kind = 'terms' AND seq < ?"
        " ORDER BY number DESC LIMIT 1"
    )
    return next(_rows(connection, sql, (contract, before_seq)), None)


def seqs_between(connection: apsw.Connection, contract: str, slots: range) -> tuple[int, int] | None:
    """Return first and last seq of the contract's entries that concern *slots*; None if there is none."""
    sql = (
        "WITH near(number) AS (SELECT number FROM entry WHERE slot BETWEEN ?2 AND ?3"
        "  UNION SELECT by FROM target JOIN entry USING(number) WHERE slot BETWEEN ?2 AND ?3)"
        " SELECT min(seq), max(seq) FROM near CROSS JOIN entry USING(number)"  # CROSS JOIN: begin with the few
        " WHERE chain = (SELECT id FROM chain WHERE contract = ?1)"
    )
    row = connection.execute(sql, (contract, slots.start, slots.stop - 1)).fetchone()
    return None if row is None or row[0] is None else (row[0], row[1])


def seq_from(connection: apsw.Connection, contract: str, slot: int) -> int:
    """Return the seq of the contract's first entry of *slot* or later; without any, that of the next to be written."""
    # A contract that has ended is told by its last entry: along the slots all that came after it would be read.
    sql = (
        "SELECT CASE WHEN (SELECT slot FROM entry WHERE chain = id ORDER BY seq DESC LIMIT 1) < ?1"
        " THEN (SELECT max(seq) + 1 FROM entry WHERE chain = id)"
        " ELSE (SELECT seq FROM entry WHERE +chain = id AND slot >= ?1 ORDER BY slot LIMIT 1) END"
        " FROM chain WHERE contract = ?2"
    )
    found: Any = connection.execute(sql, (slot, contract)).get
    return found or 0


def day_seqs(connection: apsw.Connection, contract: str, days: Iterable[date]) -> list[int]:
    """Return the seqs at which the secrets of *days* were committed to and revealed."""
    sql = (
        "SELECT seq FROM entry WHERE slot = ? AND kind IN ('day', 'reveal')"
        " AND +chain = (SELECT id FROM chain WHERE contract = ?)"
    )
    found: list[int] = []
    for day in days:
        rows: list[Any] = connection.execute(sql, (day_slots(day).start, contract)).fetchall()
        found += (seq for (seq,) in rows)
    return found


def last_change(connection: apsw.Connection, number: int) -> int | None:
    """Return the seq of the last edit or tombstone of an entry; None if there is none."""
    found: Any = connection.execute(
        "SELECT max(seq) FROM entry WHERE number IN (SELECT by FROM target WHERE number = ?)", (number,)
    ).get
    return None if found is None else int(found)


def slots_of(connection: apsw.Connection, contract: str) -> tuple[int, int] | None:
    """Return the first and the last slot of which the contract's chain on this device tells; None without any."""
    # +chain: along the index of slots the first fit is near; along the chain every entry would be read
    sql = (
        "SELECT slot FROM entry WHERE +chain = (SELECT id FROM chain WHERE contract = ?)"
        " AND kind IN ('segment', 'manual') ORDER BY slot {} LIMIT 1"
    )
    ends: list[Any] = [connection.execute(sql.format(order), (contract,)).get for order in ("ASC", "DESC")]
    return None if ends[0] is None else (ends[0], ends[1])


def logged(connection: apsw.Connection, slots: range) -> set[int]:
    """Return those of *slots* of which any chain has a segment or manual time."""
    sql = "SELECT DISTINCT slot FROM entry WHERE slot BETWEEN ? AND ? AND kind IN ('segment', 'manual')"
    found: list[Any] = connection.execute(sql, (slots.start, slots.stop - 1)).fetchall()
    return {slot for (slot,) in found}


def last_digest(connection: apsw.Connection) -> str:
    """Return the digest of the entry that was written last; empty without any."""
    found: Any = connection.execute("SELECT digest FROM entry ORDER BY number DESC LIMIT 1").fetchone()
    return found[0] if found else ""


def day_entries(connection: apsw.Connection, contract: str, kind: str) -> Iterator[AnyEntry]:
    """Yield the ``day`` or ``reveal`` entries of a contract, last first."""
    sql = (
        "SELECT body FROM entry WHERE chain = (SELECT id FROM chain WHERE contract = ?) AND kind = ? ORDER BY seq DESC"
    )
    for (body,) in connection.execute(sql, (contract, kind)):
        yield decode_own(body)


def terms_entry(row: Row) -> Terms:
    """Return the entry of a row of terms."""
    assert isinstance(row.entry, Terms)
    return row.entry


def _rows(connection: apsw.Connection, sql: str, bindings: tuple[int | str, ...]) -> Iterator[Row]:
    found: list[Any] = connection.execute(sql, bindings).fetchall()
    opened = _openings(connection, [row[0] for row in found])
    for number, body, signature, digest in found:
        entry = decode_own(bytes(body))
        yield Row(
            number=number,
            entry=entry,
            body=bytes(body),
            signature=bytes(signature),
            digest=digest,
            openings=_kept(entry, opened.get(number, ())),
        )


def _openings(connection: apsw.Connection, numbers: list[int]) -> dict[int, list[tuple[str, bytes, bytes]]]:
    """Return what is left of the openings of entries: in one question, as there are hundreds in a week."""
    opened: dict[int, list[tuple[str, bytes, bytes]]] = {}
    sql = "SELECT number, field, salt, value FROM opening WHERE number IN (SELECT value FROM json_each(?))"
    rows: Iterable[Any] = connection.execute(sql, (json.dumps(numbers),)) if numbers else ()
    for number, *one in rows:
        opened.setdefault(number, []).append(tuple(one))
    return opened


def _kept(entry: AnyEntry, openings: Iterable[tuple[str, bytes, bytes]]) -> dict[str, tuple[bytes, bytes]]:
    """Return the openings that are what was signed; a damaged one is as good as none."""
    commits = getattr(entry, "commits", {})
    return {
        name: (bytes(salt), bytes(value))
        for name, salt, value in openings
        if commits.get(name) == commitment(name, bytes(salt), bytes(value))
    }
