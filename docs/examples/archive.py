"""An uploader: the diary in one SQLite file, its images sealed as they are."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl
from workdiary.uploader import Item, Stored, TransientError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from workdiary.context import PluginContext

TABLES = """
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS entry(chain, seq, body, signature, PRIMARY KEY(chain, seq));
CREATE TABLE IF NOT EXISTS opening(chain, seq, field, salt, value, PRIMARY KEY(chain, seq, field));
CREATE TABLE IF NOT EXISTS image(chain, seq, sha256, sealed, PRIMARY KEY(chain, seq, sha256));
CREATE TABLE IF NOT EXISTS erased(chain, seq, field, PRIMARY KEY(chain, seq, field));
"""


class Archive:
    """A backend in one file. ``deliver`` and ``close`` are called on one thread, so one connection is enough."""

    name = "archive"

    def __init__(self, file: Path) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None

    def deliver(self, items: Sequence[Item]) -> list[Stored]:
        """Keep all items or none, and answer with what is read back."""
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._file)
                self._connection.executescript(TABLES)
            with self._connection:
                for item in items:
                    _keep(self._connection, item)
            return [Stored(number=item.number, digest=_digest(self._connection, item)) for item in items]
        except sqlite3.Error as error:
            raise TransientError(f"the archive cannot be written ({type(error).__name__})") from error

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _keep(connection: sqlite3.Connection, item: Item) -> None:
    """Add what is not there yet, but for what a tombstone took away; do what a tombstone says."""
    key = (item.chain, item.seq)
    connection.execute("INSERT OR IGNORE INTO entry VALUES(?, ?, ?, ?)", (*key, item.body, item.signature))
    gone = {field for (field,) in connection.execute("SELECT field FROM erased WHERE chain = ? AND seq = ?", key)}
    for field, (salt, value) in item.openings.items():
        if not gone & {"*", field}:
            connection.execute("INSERT OR IGNORE INTO opening VALUES(?, ?, ?, ?, ?)", (*key, field, salt, value))
    if not gone & {"*", "snapshot"}:
        for image in item.images:
            connection.execute("INSERT OR IGNORE INTO image VALUES(?, ?, ?, ?)", (*key, image.sha256, image.sealed()))
    for seq, field in item.erases:
        _erase(connection, item.chain, seq, field)


def _erase(connection: sqlite3.Connection, chain: str, seq: int, field: str) -> None:
    connection.execute("INSERT OR IGNORE INTO erased VALUES(?, ?, ?)", (chain, seq, field))
    which = (chain, seq, field, field)
    connection.execute("DELETE FROM opening WHERE chain = ? AND seq = ? AND (? = '*' OR field = ?)", which)
    if field in {"*", "snapshot"}:
        connection.execute("DELETE FROM image WHERE chain = ? AND seq = ?", (chain, seq))


def _digest(connection: sqlite3.Connection, item: Item) -> bytes:
    """Hash what lies in the file, not what was sent: that is what the answer vouches for."""
    row = connection.execute("SELECT body FROM entry WHERE chain = ? AND seq = ?", (item.chain, item.seq)).fetchone()
    return hashlib.sha256(row[0]).digest()


@hookimpl
def workdiary_register_uploaders(context: PluginContext) -> list[Archive]:
    """Keep the archive in the plugin's own directory."""
    return [Archive(context.open_state() / "archive.sqlite")]
