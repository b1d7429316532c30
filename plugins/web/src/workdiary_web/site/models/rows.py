"""A day as rows of an hour, each of the cells that begin within it, in the viewer's zone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from workdiary.slots import SLOT_MS, slot_start_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workdiary.diary.model import GapView
    from workdiary_web.site.models.cards import Card
    from workdiary_web.site.models.zones import Clock


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One slot."""

    slot: int
    start_ms: int
    cards: tuple[Card, ...]
    gap: str  #: why nothing is here, where that is known
    future: bool
    present: bool


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One memo, spanning equal neighbours."""

    first: int  #: column, from 1
    span: int
    memo: str
    contract: str
    state: str  #: tracked, manual, over, mixed


@dataclass(frozen=True, kw_only=True)
class Row:
    """One hour on the viewer's clock; half of one where the clock is moved by half an hour."""

    label: str
    note: str  #: the offset, where the same hour comes twice in a day
    start_ms: int
    cells: tuple[Cell, ...]
    bars: tuple[Bar, ...]
    gaps: tuple[GapView, ...]  #: that begin here
    tracked_seconds: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing was recorded in it."""
        return not any(cell.cards for cell in self.cells)


def rows(
    slots: range, cards: Mapping[int, Sequence[Card]], gaps: Sequence[GapView], clock: Clock, wall_ms: int
) -> tuple[Row, ...]:
    """Return the rows from the first to the last with something in it; none if there is nothing at all.

    :param cards: by slot.
    """
    found = [_row(list(group), cards, gaps, clock, wall_ms) for _, group in groupby(slots, _hour(clock))]
    used = [index for index, row in enumerate(found) if not row.is_empty or row.gaps]
    shown = found[used[0] : used[-1] + 1] if used else []
    labels = [row.label for row in shown]
    return tuple(
        Row(**{**vars(row), "note": clock.offset(row.start_ms) if labels.count(row.label) > 1 else ""}) for row in shown
    )


def _hour(clock: Clock) -> Callable[[int], tuple[object, ...]]:
    def key(slot: int) -> tuple[object, ...]:
        local = clock.at(slot_start_ms(slot))
        return (local.date(), local.hour, local.utcoffset())

    return key


def _row(
    slots: list[int],
    cards: Mapping[int, Sequence[Card]],
    gaps: Sequence[GapView],
    clock: Clock,
    wall_ms: int,
) -> Row:
    start, end = slot_start_ms(slots[0]), slot_start_ms(slots[-1] + 1)
    cells = tuple(_cell(slot, cards.get(slot, ()), gaps, wall_ms) for slot in slots)
    hour = clock.at(start).replace(minute=0)
    return Row(
        label=clock.time(int(hour.timestamp() * 1000)),
        note="",
        start_ms=start,
        cells=cells,
        bars=bars(cells),
        gaps=tuple(gap for gap in gaps if start <= gap.start_ms < end),
        tracked_seconds=sum(card.tracked_seconds for cell in cells for card in cell.cards),
    )


def _cell(slot: int, cards: Sequence[Card], gaps: Sequence[GapView], wall_ms: int) -> Cell:
    start = slot_start_ms(slot)
    over = [gap.reason for gap in gaps if gap.start_ms < start + SLOT_MS and gap.end_ms > start]
    return Cell(
        slot=slot,
        start_ms=start,
        cards=tuple(cards),
        gap=over[0] if over and not cards else "",
        future=start > wall_ms,
        present=start <= wall_ms < start + SLOT_MS,
    )


def bars(cells: Sequence[Cell]) -> tuple[Bar, ...]:
    """Return the memos of cells, each spanning the neighbours that have the same."""
    found = []
    column = 1
    for key, group in groupby(cells, _bar_key):
        width = len(list(group))
        if key is not None:
            contract, memo, state = key
            found.append(Bar(first=column, span=width, memo=memo, contract=contract, state=state))
        column += width
    return tuple(found)


def _bar_key(cell: Cell) -> tuple[str, str, str] | None:
    shown = [card for card in cell.cards if card.state != "deleted"]
    if not shown:
        return None
    contracts = " + ".join(dict.fromkeys(card.contract for card in shown))
    memos = " · ".join(dict.fromkeys(card.memo for card in shown))
    states = {"tracked" if card.state == "running" else card.state for card in shown}
    return contracts, memos, states.pop() if len(states) == 1 else "mixed"
