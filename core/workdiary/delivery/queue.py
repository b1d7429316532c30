"""The queue as people see it, with or without a running tracker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workdiary.delivery import cursor
from workdiary.errors import UsageError
from workdiary.journal import read
from workdiary.journal.entry import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import apsw

    from workdiary.journal.read import Row
    from workdiary.plugins.status import PluginStatus


def queue(connection: apsw.Connection, uploaders: Sequence[str]) -> list[dict[str, Any]]:
    """Return for each ``uploader, sent, pending, oldest_at, quarantined, state, reason, next_try_at``; times in ms."""
    return [_view(connection, name) for name in uploaders]


def left_out(plugins: Iterable[PluginStatus]) -> list[dict[str, Any]]:
    """Return, as ``queue`` does, the plugins whose uploaders could not be had, each with the reason."""
    none = {"sent": 0, "pending": 0, "oldest_at": None, "quarantined": 0, "next_try_at": None}
    failed = (one for one in plugins if "workdiary_register_uploaders" in one.hooks and one.reason)
    return [{"uploader": one.name, **none, "state": "left out", "reason": one.reason} for one in failed]


def retry(connection: apsw.Connection, uploader: str) -> int:
    """Have what *uploader* refused offered again; return how many entries that is."""
    connection.execute("UPDATE quarantine SET again = 1 WHERE uploader = ?", (uploader,))
    return connection.changes()


def refused(connection: apsw.Connection, uploader: str, most: int = -1) -> list[dict[str, Any]]:
    """Return what *uploader* refused, oldest first: ``number, reason, body, signature, openings``; -1: all of it."""
    sql = "SELECT number, reason FROM quarantine WHERE uploader = ? ORDER BY number LIMIT ?"
    found: list[Any] = connection.execute(sql, (uploader, most)).fetchall()
    return [
        {"number": number, **_document(read.after(connection, number - 1, 1)[0], reason)} for number, reason in found
    ]


def export(connection: apsw.Connection, uploader: str, out: Path) -> int:
    """Write each quarantined entry to ``<number>.json`` in a new directory; return how many."""
    documents = refused(connection, uploader)
    try:
        out.mkdir(mode=0o700, parents=True)
        for document in documents:
            text = json.dumps(document, indent=2, ensure_ascii=False)
            (out / f"{document['number']}.json").write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written: {error.strerror}", remedy="Name a new directory with --out."
        ) from None
    return len(documents)


def delivered(connection: apsw.Connection, contract: str, seq: int) -> dict[str, str]:
    """Return, for each uploader that ever took anything, whether it has an entry: sent, waiting, or why refused."""
    row = next(iter(read.chain_range(connection, contract, seq, seq)), None)
    if row is None:
        return {}
    cursors: list[Any] = connection.execute("SELECT uploader, number FROM cursor ORDER BY uploader").fetchall()
    sql = "SELECT uploader, reason FROM quarantine WHERE number = ?"
    refusals: list[Any] = connection.execute(sql, (row.number,)).fetchall()
    refused = dict(refusals)
    return {name: refused.get(name) or ("sent" if row.number <= number else "waiting") for name, number in cursors}


def _document(row: Row, reason: str) -> dict[str, Any]:
    openings = row.openings.items()
    return {
        "reason": reason,
        "body": row.body.decode(),
        "signature": row.signature.hex(),
        "openings": {name: {"salt": salt.hex(), "value": parse(value)} for name, (salt, value) in openings},
    }


def _view(connection: apsw.Connection, name: str) -> dict[str, Any]:
    done = cursor.position(connection, name)
    sql = (
        "SELECT count(*) FROM entry WHERE number <= ?"
        " AND number NOT IN (SELECT number FROM quarantine WHERE uploader = ?)"
    )
    sent: Any = connection.execute(sql, (done, name)).get
    behind: Any = connection.execute("SELECT count(*) FROM entry WHERE number > ?", (done,)).get
    sql = "SELECT count(*), coalesce(sum(again), 0) FROM quarantine WHERE uploader = ? AND number <= ?"
    refused, again = connection.execute(sql, (name, done)).fetchone() or (0, 0)
    oldest = cursor.due(connection, name, 1)
    return {
        "uploader": name,
        "sent": sent,
        "pending": behind + again,
        "oldest_at": oldest[0].entry.at if oldest else None,
        "quarantined": int(refused) - int(again),
        "state": "not running",
        "reason": "",
        "next_try_at": None,
    }
