"""What clients answered, beside the weeks and segments that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.desk.reviews import in_force
from workdiary.slots import SLOT_MS, parse_week, week_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary.desk.book import Book
    from workdiary.desk.reviews import Answer
    from workdiary.diary.model import Segment
    from workdiary_web.site.models.cards import Card


class Answers:
    """The answers of one book, looked up once a request."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._kept: dict[tuple[str, int], Sequence[Answer]] = {}

    def all(self, contract: str, number: int) -> Sequence[Answer]:
        """Return the answers to a week, the one that counts first."""
        if (contract, number) not in self._kept:
            self._kept[contract, number] = self._book.reviews(contract, number)
        return self._kept[contract, number]

    def of(self, segment: Segment) -> str:
        """Return what the client said of a segment, or nothing."""
        answer = in_force(self.all(segment.contract, segment.billed_week))
        return answer.of(segment) if answer else ""

    def dispute(self, card: Card) -> str:
        """Return why the client disputes the segment of a card, or nothing."""
        answer = in_force(self.all(card.contract, week_of(card.start_ms // SLOT_MS)))
        return answer.review.reasons().get(card.id, "") if answer and answer.review else ""

    def in_week(self, name: str, contract: str) -> Sequence[Answer]:
        """Return the answers to a week by its name: the one that counts, and those that cannot be used."""
        return [one for one in self.all(contract, parse_week(name)) if one.in_force or one.trouble]
