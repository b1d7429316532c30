"""The one SQLite file: how it is opened, and its tables."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import apsw

from workdiary.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID = 0x574B4459  # "WKDY"
VERSION = 1
#: Older libraries can corrupt a WAL that two connections reset at once (sqlite.org/wal.html#walresetbug).
SAFE_SQLITE = (3, 51, 3)

TABLES = """
CREATE TABLE chain(
  id INTEGER PRIMARY KEY, device TEXT NOT NULL, contract TEXT NOT NULL, UNIQUE(device, contract)) STRICT;
CREATE TABLE entry(
  number INTEGER PRIMARY KEY, chain INTEGER NOT NULL REFERENCES chain, seq INTEGER NOT NULL, kind TEXT NOT NULL,
  slot INTEGER NOT NULL, body BLOB NOT NULL, signature BLOB NOT NULL, digest TEXT NOT NULL, UNIQUE(chain, seq)) STRICT;
CREATE INDEX entry_slot ON entry(slot);
CREATE INDEX entry_terms ON entry(chain, number) WHERE kind = 'terms';
CREATE TABLE opening(
  number INTEGER NOT NULL REFERENCES entry, field TEXT NOT NULL, salt BLOB NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY(number, field)) STRICT, WITHOUT ROWID;
CREATE TABLE target(number INTEGER NOT NULL REFERENCES entry, by INTEGER NOT NULL REFERENCES entry,
  PRIMARY KEY(number, by)) STRICT, WITHOUT ROWID;
CREATE TABLE image(sha256 TEXT PRIMARY KEY, number INTEGER NOT NULL REFERENCES entry) STRICT, WITHOUT ROWID;
CREATE INDEX image_number ON image(number);
CREATE TABLE unlink(sha256 TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE open_state(id INTEGER PRIMARY KEY CHECK(id = 1), value BLOB NOT NULL) STRICT;
CREATE TABLE cursor(uploader TEXT PRIMARY KEY, number INTEGER NOT NULL, acknowledged_at INTEGER NOT NULL) STRICT;
CREATE TABLE receipt(uploader TEXT NOT NULL, number INTEGER NOT NULL, receipt BLOB NOT NULL,
  PRIMARY KEY(uploader, number)) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine(uploader TEXT NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
  again INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(uploader, number)) STRICT, WITHOUT ROWID;
CREATE TRIGGER erased_reason AFTER DELETE ON opening BEGIN -- a backend's reason may quote the value
  UPDATE quarantine SET reason = 'erased by the owner since' WHERE number = old.number; END;
"""
NAMES = frozenset(re.findall(r"CREATE TABLE (\w+)", TABLES))

#: A full disk cannot even checkpoint a large WAL, so it is kept short.
PRAGMAS = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;
PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=256; PRAGMA journal_size_limit=0;
PRAGMA cache_size=-1024;
"""


class ForeignError(StorageError):
    """The file is somebody else's."""


def connect(path: Path, *, vfs: str = "", exclusive: bool = False) -> apsw.Connection:
    """Open the journal for writing, made if it is not there; StorageError if it is not ours or newer than we are."""
    require_safe_library()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(OSError):  # SQLite says it better
        path.touch(mode=0o600)  # before SQLite does: the write-ahead log gets the same mode
    connection = apsw.Connection(str(path), vfs=vfs or None)
    try:
        connection.set_busy_timeout(5000)
        if exclusive:  # a VFS without shared memory needs it before WAL
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute(PRAGMAS).fetchall()  # apsw stops at the first row until somebody asks for more
        with connection:
            _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_readonly(path: Path) -> apsw.Connection:
    """Open an existing journal for reading beside a running tracker."""
    require_safe_library()
    if not path.exists():
        raise StorageError(
            "there is no diary yet", remedy="Add a contract: workdiary contract add NAME --rate 50 --currency EUR"
        )
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.set_busy_timeout(5000)
    return connection


def require_safe_library() -> None:
    """Refuse a SQLite that may corrupt the journal."""
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
    if version < SAFE_SQLITE:
        raise StorageError(
            f"SQLite {apsw.sqlite_lib_version()} can damage a journal that two programs use",
            remedy="Install a newer one: pip install --upgrade apsw",
        )


def _prepare(connection: apsw.Connection, path: Path) -> None:
    if require_ours(connection, path) == 0:
        connection.execute(TABLES)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", VERSION)


def require_ours(connection: apsw.Connection, path: Path) -> int:
    """Return the format's version, 0 if nothing is there yet; StorageError if we cannot deal with it."""
    version: int = connection.pragma("user_version")
    owner = connection.pragma("application_id")
    if version == 0 and owner == 0 and not connection.execute("SELECT count(*) FROM sqlite_schema").get:
        return 0
    if owner != APPLICATION_ID or version < 1:
        raise ForeignError(
            f"{path.name} is not a workdiary journal", remedy="Move it away, or choose another WORKDIARY_HOME."
        )
    if version > VERSION:
        raise StorageError(
            f"the journal was written by a newer workdiary (format {version}; this one knows {VERSION})",
            remedy="Update workdiary; nothing was changed.",
        )
    return version
