"""A day's slots as the form for manual time sees them: which are free, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from workdiary.slots import is_locked, slot_of, slot_start_ms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workdiary_web.site.models.zones import Clock

#: Lengths that can be chosen, in slots: up to twelve hours.
LENGTHS = range(1, 73)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One slot of the day."""

    slot: int
    time: str
    why: str  #: why nothing can be added here; empty: it is free
    logged: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """The slots that begin within one hour of the viewer's clock."""

    label: str
    cells: tuple[Cell, ...]


def rows(slots: range, logged: Mapping[int, str], wall_ms: int, clock: Clock) -> list[Row]:
    """Return the hours of a day.

    :param logged: by slot, the contract that logged something.
    """

    def hour(slot: int) -> tuple[int, str]:
        start = slot_start_ms(slot)
        # Where the clocks go back an hour comes twice; its distance from UTC keeps the two apart.
        return clock.at(start).hour, clock.offset(start)

    found = []
    for (_, _), group in groupby(slots, hour):
        cells = tuple(_cell(slot, logged.get(slot, ""), wall_ms, clock) for slot in group)
        found.append(Row(label=cells[0].time, cells=cells))
    return found


def _cell(slot: int, contract: str, wall_ms: int, clock: Clock) -> Cell:
    why = contract
    if not contract and slot_start_ms(slot + 1) > wall_ms:
        why = "now" if slot == slot_of(wall_ms) else "not yet"
    elif not contract and is_locked(slot, wall_ms):
        why = "locked"
    return Cell(slot=slot, time=clock.time(slot_start_ms(slot)), why=why, logged=bool(contract))


def free(slots: range, logged: Mapping[int, str], wall_ms: int) -> list[int]:
    """Return the slots to which manual time can be added."""
    return [
        slot
        for slot in slots
        if slot not in logged and slot_start_ms(slot + 1) <= wall_ms and not is_locked(slot, wall_ms)
    ]
