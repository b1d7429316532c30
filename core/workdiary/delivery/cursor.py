"""The durable cursor of one uploader: how far it is, what it refused, what it signed for.

At any moment an entry is behind the cursor, in quarantine or acknowledged. Answers move it forward (``settle``),
and back it goes only to what the backend says that it has lost (``rewind``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.journal import read
from workdiary.uploader import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import apsw

    from workdiary.delivery.answers import Answered
    from workdiary.journal.read import Row
    from workdiary.uploader import Item

LONGEST_REASON = 500


def position(connection: apsw.Connection, uploader: str) -> int:
    """Return the number of the last entry that was answered for."""
    found: Any = connection.execute("SELECT number FROM cursor WHERE uploader = ?", (uploader,)).get
    return int(found or 0)


def due(connection: apsw.Connection, uploader: str, limit: int) -> list[Row]:
    """Return what goes out next, in journal order: first what was refused and shall be offered again."""
    done = position(connection, uploader)
    # What lies behind a cursor that went back comes in its turn, so that no entry comes before what it follows.
    sql = "SELECT number FROM quarantine WHERE uploader = ? AND again AND number <= ? ORDER BY number LIMIT ?"
    again: list[Any] = connection.execute(sql, (uploader, done, limit)).fetchall()
    if again:
        return [read.after(connection, number - 1, 1)[0] for (number,) in again]
    return read.after(connection, done, limit)


def settle(connection: apsw.Connection, uploader: str, answered: Sequence[Answered], at_ms: int) -> None:
    """Pass over answered entries, with receipts and quarantine, in one transaction."""
    if not answered:
        return
    with connection:
        _move(connection, uploader, answered[-1][0].number, at_ms)
        for item, answer in answered:
            if isinstance(answer, Rejected):
                values = (uploader, item.number, _reason(connection, item, answer), at_ms)
                sql = "INSERT OR REPLACE INTO quarantine(uploader, number, reason, at) VALUES(?, ?, ?, ?)"
                connection.execute(sql, values)
                continue
            connection.execute("DELETE FROM quarantine WHERE uploader = ? AND number = ?", (uploader, item.number))
            if answer.receipt is not None:
                row = (uploader, item.number, answer.receipt)
                connection.execute("INSERT OR REPLACE INTO receipt VALUES(?, ?, ?)", row)


def rewind(connection: apsw.Connection, uploader: str, heads: Mapping[str, int]) -> int:
    """Go back to the first entry that is missing where *heads* is all that is left; return over how many entries."""
    done = position(connection, uploader)
    chains: list[Any] = connection.execute("SELECT id, device || '/' || contract FROM chain").fetchall()
    sql = "SELECT min(number) FROM entry WHERE chain = ? AND seq > ? AND number <= ?"
    lost: list[Any] = [connection.execute(sql, (chain, heads.get(name, -1), done)).get for chain, name in chains]
    first = min((number for number in lost if number is not None), default=None)
    if first is None:
        return 0
    connection.execute("UPDATE cursor SET number = ? WHERE uploader = ?", (first - 1, uploader))
    sql = "SELECT count(*) FROM entry WHERE number BETWEEN ? AND ?"
    over: Any = connection.execute(sql, (first, done)).get
    return int(over)


def _move(connection: apsw.Connection, uploader: str, number: int, at_ms: int) -> None:
    """Move forward only: what is offered again lies before the cursor."""
    sql = (
        "INSERT INTO cursor VALUES(?1, ?2, ?3) ON CONFLICT(uploader)"
        " DO UPDATE SET number = max(number, ?2), acknowledged_at = ?3"
    )
    connection.execute(sql, (uploader, number, at_ms))


def _reason(connection: apsw.Connection, item: Item, answer: Rejected) -> str:
    """Return the backend's reason, which may quote a value: not if that was erased while the backend thought."""
    left: Any = connection.execute("SELECT count(*) FROM opening WHERE number = ?", (item.number,)).get
    if left < len(item.openings):
        return "erased by the owner since"
    return str(answer.reason)[:LONGEST_REASON]
