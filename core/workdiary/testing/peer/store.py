"""The reference peer's memory: exact bytes in SQLite, taken in the order of their chains."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import apsw
import msgspec

from workdiary.journal import entry as kinds
from workdiary.proof.links import is_signed, public_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SCHEMA = """
CREATE TABLE IF NOT EXISTS entry(chain TEXT, seq INTEGER, kind TEXT, digest TEXT, body BLOB, signature BLOB,
    PRIMARY KEY(chain, seq));
CREATE TABLE IF NOT EXISTS opening(chain TEXT, seq INTEGER, field TEXT, salt BLOB, value BLOB,
    PRIMARY KEY(chain, seq, field));
CREATE TABLE IF NOT EXISTS refused(chain TEXT, seq INTEGER, PRIMARY KEY(chain, seq));
CREATE TABLE IF NOT EXISTS erased(chain TEXT, seq INTEGER, field TEXT, PRIMARY KEY(chain, seq, field));
CREATE TABLE IF NOT EXISTS image(sha256 TEXT PRIMARY KEY, data BLOB);
CREATE TABLE IF NOT EXISTS shows(chain TEXT, seq INTEGER, sha256 TEXT, PRIMARY KEY(chain, seq, sha256));
"""
ALL = "*"
MAX_INT = 2**53 - 1


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One entry of a batch."""

    body: bytes
    signature: bytes
    openings: Mapping[str, tuple[bytes, bytes]] = field(default_factory=dict)
    images: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of it: stored with a digest, or rejected with a code and a reason."""

    chain: str
    seq: int
    digest: str = ""
    code: str = ""
    reason: str = ""


class ConflictError(Exception):
    """The batch cannot go on here: an entry does not follow its chain's head, or an image is missing."""

    def __init__(self, *, images: Iterable[str] = ()) -> None:
        super().__init__()
        self.images = list(images)


class _RejectedError(Exception):
    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class _Place(msgspec.Struct, frozen=True):
    device: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    contract: str
    seq: Annotated[int, msgspec.Meta(ge=0, le=MAX_INT)]


class Store:
    """One file. Not for several threads at once."""

    def __init__(self, path: Path) -> None:
        self._db = apsw.Connection(str(path))
        self._db.pragma("journal_mode", "wal")
        self._db.pragma("synchronous", "full")
        self._db.pragma("secure_delete", 1)
        self._db.execute(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def take(self, batch: Iterable[Incoming]) -> tuple[list[Answer], ConflictError | None]:
        """Take entries in their order, up to the first that cannot go on; written when this returns."""
        answers: list[Answer] = []
        with self._db:
            for one in batch:
                try:
                    answers.append(self._take(one))
                except ConflictError as conflict:
                    return answers, conflict
        return answers, None

    def heads(self) -> dict[str, dict[str, Any]]:
        """Return the last entry of each chain."""
        rows: Any = self._db.execute("SELECT chain, max(seq), digest FROM entry GROUP BY chain")
        return {chain: {"seq": seq, "digest": digest} for chain, seq, digest in rows}

    def has_image(self, sha256: str) -> bool:
        """Say whether an image is there."""
        return self.image(sha256) is not None

    def image(self, sha256: str) -> bytes | None:
        """Return an image; None: it is not there."""
        data: bytes | None = self._one("SELECT data FROM image WHERE sha256 = ?", sha256)
        return data

    def put_image(self, sha256: str, data: bytes) -> bool:
        """Keep an image; false: it has another hash."""
        if hashlib.sha256(data).hexdigest() != sha256:
            return False
        with self._db:
            self._db.execute("INSERT OR IGNORE INTO image VALUES(?, ?)", (sha256, data))
        return True

    def rows(self, chain: str) -> list[tuple[int, bytes, bytes]]:
        """Return seq, body and signature of a chain's entries."""
        found: Any = self._db.execute("SELECT seq, body, signature FROM entry WHERE chain = ? ORDER BY seq", (chain,))
        return list(found)

    def openings(self, chain: str, seq: int) -> dict[str, tuple[bytes, bytes]]:
        """Return the values of an entry that were not erased."""
        found: Any = self._db.execute(
            "SELECT field, salt, value FROM opening WHERE chain = ? AND seq = ?", (chain, seq)
        )
        return {name: (salt, value) for name, salt, value in found}

    def shown(self, chain: str, seq: int) -> list[str]:
        """Return the hashes of an entry's images."""
        found: Any = self._db.execute("SELECT sha256 FROM shows WHERE chain = ? AND seq = ?", (chain, seq))
        return [sha256 for (sha256,) in found]

    def _take(self, one: Incoming) -> Answer:
        (chain, seq), digest = _place(one.body), kinds.digest(one.body)
        try:
            entry = _decode(one.body)
            self._check(one, entry, chain, digest)
        except _RejectedError as error:
            if error.code != "fork":  # what follows it shall not wait for it
                self._db.execute("INSERT OR IGNORE INTO refused VALUES(?, ?)", (chain, seq))
            return Answer(chain=chain, seq=seq, code=error.code, reason=str(error))
        self._keep(one, entry, chain, digest)
        return Answer(chain=chain, seq=seq, digest=digest)

    def _check(self, one: Incoming, entry: kinds.AnyEntry, chain: str, digest: str) -> None:
        public = self._key(entry, chain)
        if public is None or not is_signed(public, one.body, one.signature):
            raise _RejectedError("signature", "it is not signed by the key of its device")
        known = self._one("SELECT digest FROM entry WHERE chain = ? AND seq = ?", chain, entry.seq)
        if known is not None and known != digest:
            raise _RejectedError("fork", "another entry of this number is here, signed by the same device")
        if known is None and not self._follows(entry, chain):
            raise ConflictError
        commits = getattr(entry, "commits", {})
        for name, (salt, value) in one.openings.items():
            if name not in commits or kinds.commitment(name, salt, value) != commits[name]:
                raise _RejectedError("opening", f"the value of {name} is not the one that was signed")
        missing = [sha256 for sha256 in one.images if not self.has_image(sha256)]
        if missing and not self._is_erased(chain, entry.seq, "snapshot"):
            raise ConflictError(images=missing)

    def _key(self, entry: kinds.AnyEntry, chain: str) -> Ed25519PublicKey | None:
        first = entry
        if entry.seq:
            body = self._one("SELECT body FROM entry WHERE chain = ? AND seq = 0", chain)
            if body is None:
                raise ConflictError
            first = kinds.decode_own(body)
        if not isinstance(first, kinds.Key):
            return None
        public = public_key(first.public)
        fits = public and hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16] == entry.device
        return public if fits else None

    def _follows(self, entry: kinds.AnyEntry, chain: str) -> bool:
        """Say whether it comes behind what is here; of the numbers in between all were refused."""
        sql = "SELECT max(seq), digest FROM entry WHERE chain = ? AND seq < ?"
        before, digest = self._row(sql, chain, entry.seq) or (None, None)
        if before is None:
            return entry.seq == 0 and entry.prev == kinds.FIRST_PREV
        if isinstance(entry, kinds.Recover):
            sql = "SELECT count(*) FROM entry WHERE chain = ? AND digest = ? AND seq < ?"
            return bool(self._one(sql, chain, entry.prev, entry.lost_from))
        if entry.seq == before + 1:
            return bool(entry.prev == digest)
        sql = "SELECT count(*) FROM refused WHERE chain = ? AND seq > ? AND seq < ?"
        return bool(self._one(sql, chain, before, entry.seq) == entry.seq - before - 1)

    def _keep(self, one: Incoming, entry: kinds.AnyEntry, chain: str, digest: str) -> None:
        row = (chain, entry.seq, kinds.kind_of(entry), digest, one.body, one.signature)
        self._db.execute("INSERT OR IGNORE INTO entry VALUES(?, ?, ?, ?, ?, ?)", row)
        self._db.execute("DELETE FROM refused WHERE chain = ? AND seq = ?", (chain, entry.seq))
        for name, (salt, value) in one.openings.items():
            if not self._is_erased(chain, entry.seq, name):
                self._db.execute(
                    "INSERT OR IGNORE INTO opening VALUES(?, ?, ?, ?, ?)", (chain, entry.seq, name, salt, value)
                )
        if not self._is_erased(chain, entry.seq, "snapshot"):
            shown = [(chain, entry.seq, sha256) for sha256 in one.images]
            self._db.executemany("INSERT OR IGNORE INTO shows VALUES(?, ?, ?)", shown)
        if isinstance(entry, kinds.Tombstone):
            self._erase(chain, entry)

    def _erase(self, chain: str, stone: kinds.Tombstone) -> None:
        for seq in stone.of:
            for name in stone.fields:
                self._forget(chain, seq, name)
        rows: Any = self._db.execute("SELECT seq, body FROM entry WHERE chain = ? AND kind = 'edit'", (chain,))
        for seq, body in list(rows):
            edit = kinds.decode_own(body)
            if isinstance(edit, kinds.Edit) and all(self._is_erased(chain, of, ALL) for of in edit.of):
                self._forget(chain, seq, ALL)

    def _forget(self, chain: str, seq: int, name: str) -> None:
        self._db.execute("INSERT OR IGNORE INTO erased VALUES(?, ?, ?)", (chain, seq, name))
        only = "" if name == ALL else " AND field = 'snapshot'"
        self._db.execute(f"DELETE FROM opening WHERE chain = ? AND seq = ?{only}", (chain, seq))
        sql = "DELETE FROM shows WHERE chain = ? AND seq = ? RETURNING sha256"
        for (sha256,) in list(self._db.execute(sql, (chain, seq))):
            self._db.execute("DELETE FROM image WHERE sha256 = ?1 AND ?1 NOT IN (SELECT sha256 FROM shows)", (sha256,))

    def _is_erased(self, chain: str, seq: int, name: str) -> bool:
        sql = "SELECT count(*) FROM erased WHERE chain = ? AND seq = ? AND field IN (?, '*')"
        return bool(self._one(sql, chain, seq, name))

    def _row(self, sql: str, *values: Any) -> Any:
        return self._db.execute(sql, values).fetchone()

    def _one(self, sql: str, *values: Any) -> Any:
        row = self._row(sql, *values)
        return None if row is None else row[0]


def _decode(body: bytes) -> kinds.AnyEntry:
    try:
        return kinds.decode(body)
    except ValueError as error:
        raise _RejectedError("body", str(error)) from None


def _place(body: bytes) -> tuple[str, int]:
    """Return the chain and number that a body names, even if it is no entry; "" and -1 if it names none."""
    try:
        named = msgspec.json.decode(body, type=_Place)
    except (ValueError, RecursionError):
        return "", -1
    return f"{named.device}/{named.contract}", named.seq
