"""The queue as people see it, with or without a running tracker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workdiary.delivery import cursor
from workdiary.errors import UsageError
from workdiary.journal import read
from workdiary.journal.entry import parse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import apsw


def queue(connection: apsw.Connection, uploaders: Sequence[str]) -> list[dict[str, Any]]:
    """Return for each: ``uploader, pending, oldest_at`` (ms since 1970), ``quarantined, state, reason``."""
    return [_view(connection, name) for name in uploaders]


def retry(connection: apsw.Connection, uploader: str) -> int:
    """Set the cursor back before the first quarantined entry; backends take what they have without a change."""
    first: Any = connection.execute("SELECT min(number) FROM quarantine WHERE uploader = ?", (uploader,)).get
    if first is None:
        return 0
    with connection:
        connection.execute("UPDATE cursor SET number = min(number, ?) WHERE uploader = ?", (first - 1, uploader))
        connection.execute("DELETE FROM quarantine WHERE uploader = ?", (uploader,))
    return connection.changes()


def export(connection: apsw.Connection, uploader: str, out: Path) -> int:
    """Write each quarantined entry to ``<number>.json`` in a new directory; return how many."""
    refused: Any = connection.execute(
        "SELECT number, reason FROM quarantine WHERE uploader = ?", (uploader,)
    ).fetchall()
    try:
        out.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise UsageError(f"{out} cannot be made: {error.strerror}", remedy="Name a new directory with --out.") from None
    for number, reason in refused:
        row = read.after(connection, number - 1, 1)[0]
        value = {
            "reason": reason,
            "body": row.body.decode(),
            "signature": row.signature.hex(),
            "openings": {
                name: {"salt": salt.hex(), "value": parse(opened)} for name, (salt, opened) in row.openings.items()
            },
        }
        (out / f"{number}.json").write_text(json.dumps(value, indent=2, ensure_ascii=False))
    return len(refused)


def _view(connection: apsw.Connection, name: str) -> dict[str, Any]:
    done = cursor.position(connection, name)
    pending: Any = connection.execute("SELECT count(*) FROM entry WHERE number > ?", (done,)).get
    quarantined: Any = connection.execute("SELECT count(*) FROM quarantine WHERE uploader = ?", (name,)).get
    oldest = read.after(connection, done, 1)
    return {
        "uploader": name,
        "pending": pending,
        "oldest_at": oldest[0].entry.at if oldest else None,
        "quarantined": quarantined,
        "state": "not running",
        "reason": "",
    }
