"""The durable cursor of one uploader: how far it is, what it refused, what it signed for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from workdiary.uploader import Rejected, Stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw

    from workdiary.uploader import Item


def position(connection: apsw.Connection, uploader: str) -> int:
    """Return the number of the last entry that was answered for."""
    found: Any = connection.execute("SELECT number FROM cursor WHERE uploader = ?", (uploader,)).get
    return int(found or 0)


def fault(item: Item, answer: Stored | Rejected | None) -> str:
    """Return why *answer* does not acknowledge *item*, empty if it does."""
    if answer is None:
        return f"the backend did not answer for entry {item.number}"
    if isinstance(answer, Rejected):
        return ""
    if answer.digest != hashlib.sha256(item.body).digest():
        return f"the backend stored something else for entry {item.number}"
    return ""


def move(connection: apsw.Connection, uploader: str, answers: Sequence[Stored | Rejected], at_ms: int) -> None:
    """Pass over answered entries, with receipts and quarantine, in one transaction."""
    if not answers:
        return
    with connection:
        for answer in answers:
            if isinstance(answer, Rejected):
                values: tuple[Any, ...] = (uploader, answer.number, answer.reason, at_ms)
                connection.execute("INSERT OR REPLACE INTO quarantine VALUES(?, ?, ?, ?)", values)
            elif answer.receipt is not None:
                connection.execute(
                    "INSERT OR REPLACE INTO receipt VALUES(?, ?, ?)", (uploader, answer.number, answer.receipt)
                )
        connection.execute("INSERT OR REPLACE INTO cursor VALUES(?, ?, ?)", (uploader, answers[-1].number, at_ms))
