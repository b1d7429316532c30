"""What it costs to erase segments, or what keeps them from being changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.diary.terms import in_force
from workdiary.slots import lock_ms, week_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workdiary.desk.book import Book
    from workdiary.diary.model import Segment, Since, Statement


@dataclass(frozen=True, kw_only=True)
class Cost:
    """A contract's week before and after."""

    contract: str
    week: str
    currency: str
    before_seconds: int
    after_seconds: int
    before_amount: int
    after_amount: int
    unprotected: int  #: segments that are protected now and would not be any more

    @property
    def seconds(self) -> int:
        """Billable seconds that are lost."""
        return self.before_seconds - self.after_seconds

    @property
    def amount(self) -> int:
        """Minor units that are lost."""
        return self.before_amount - self.after_amount


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What can be changed of what was selected, and why the rest cannot."""

    segments: tuple[Segment, ...]
    refused: tuple[tuple[Segment, str], ...]


def choose(segments: Iterable[Segment], terms: Mapping[str, Sequence[Since]], wall_ms: int, *, image: bool) -> Choice:
    """Return which segments may be changed.

    :param image: only their images are to go.
    """
    judged = [(one, _refusal(one, terms.get(one.contract, ()), wall_ms, image=image)) for one in segments]
    return Choice(
        segments=tuple(one for one, reason in judged if not reason),
        refused=tuple((one, reason) for one, reason in judged if reason),
    )


def costs(book: Book, segments: Sequence[Segment], *, keep_time: bool) -> list[Cost]:
    """Return what erasing *segments* does to each statement that they are in, by folding it without them."""
    by_week: dict[tuple[str, int], list[str]] = defaultdict(list)
    for one in segments:
        by_week[one.contract, one.billed_week].append(one.id)
    found = []
    for (contract, number), ids in sorted(by_week.items()):
        week, after = book.week(contract, number), book.foresee(contract, number, ids, keep_time=keep_time)
        still = {one.id for one in after.segments if one.protected}
        lost = sum(one.protected and one.id not in still for one in week.segments)
        found.append(cost(week.statement, after.statement, unprotected=lost if keep_time else 0))
    return found


def cost(before: Statement, after: Statement, *, unprotected: int = 0) -> Cost:
    """Return the difference of two statements of one week."""
    return Cost(
        contract=before.contract,
        week=before.week,
        currency=before.currency,
        before_seconds=before.billable_seconds,
        after_seconds=after.billable_seconds,
        before_amount=before.amount,
        after_amount=after.amount,
        unprotected=unprotected,
    )


def _refusal(segment: Segment, history: Sequence[Since], wall_ms: int, *, image: bool) -> str:
    if segment.deleted:
        return "deleted already"
    if wall_ms >= lock_ms(segment.billed_week):
        return f"week {week_name(segment.billed_week)} is locked"
    if not image:
        return ""
    terms = in_force(history, segment.start_ms)
    if segment.snapshot is None:
        return "it has no image"
    if terms is None or not terms.keep_time:
        return f"{segment.contract} does not allow an image to be removed while its time is kept"
    return ""
