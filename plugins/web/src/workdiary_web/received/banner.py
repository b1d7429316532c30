"""What stands on top of every page of a received record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.desk.received import ReceivedBook
from workdiary_web.site.nav import NAV, Entry

if TYPE_CHECKING:
    from workdiary.proof.words import Words

REVIEW = Entry("review", "Review", "r")
#: The pages of which a record of one week has something to show.
_SHOWN = {"day", "week", "timeline"}


def words_of(book: Any) -> Words | None:
    """Return what the verification of a received record found; None for a diary of one's own."""
    return book.words if isinstance(book, ReceivedBook) else None


def nav_of(book: Any) -> tuple[Entry, ...]:
    """Return the pages that the navigation names for a book."""
    if not isinstance(book, ReceivedBook):
        return NAV
    return (REVIEW, *(entry for entry in NAV if entry.name in _SHOWN))
