"""What a session needs to know of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from workdiary.diary.terms import Terms
from workdiary.errors import RuleError, UsageError
from workdiary.journal import read
from workdiary.journal.entry import Day, Reveal, Segment
from workdiary.payloads import Slot
from workdiary.record.days import Days
from workdiary.record.recorder import Recorder
from workdiary.slots import slot_start_ms

if TYPE_CHECKING:
    from workdiary.journal.keeper import Keeper
    from workdiary.plugins.manager import Plugins
    from workdiary.record.state import State


def open_terms(connection: apsw.Connection, contract: str) -> Terms:
    """Return the contract's present terms; an error if time cannot be tracked on it."""
    terms = current_terms(connection).get(contract)
    if terms is None:
        known = ", ".join(sorted(current_terms(connection))) or "none"
        raise UsageError(
            f'there is no contract "{contract}" (known: {known})', remedy=f"workdiary contract add {contract} --rate 50"
        )
    if terms.type == "fixed":
        raise RuleError(
            f"{contract} is a fixed-price contract: it has no time log", remedy="Choose an hourly contract."
        )
    if terms.status != "active":
        raise RuleError(f"{contract} is {terms.status}", remedy=f"workdiary contract edit {contract} --status active")
    return terms


def current_terms(connection: apsw.Connection) -> dict[str, Terms]:
    """Return the present terms of every contract."""
    return {row.entry.contract: Terms.from_entry(read.terms_entry(row).terms) for row in read.terms_rows(connection)}


def recorded(connection: apsw.Connection, slot: int) -> list[tuple[int, int]]:
    """Return the intervals that this device has logged in a slot, in ms since 1970."""
    base = slot_start_ms(slot)
    try:
        rows = read.between(connection, range(slot, slot + 1))
    except apsw.Error:  # the record goes on; a disk that cannot be read cannot be written either, which is told
        return []
    return [
        (base + start, base + end)
        for row in rows
        if isinstance(row.entry, Segment) and row.entry.slot == slot
        for start, end in row.entry.intervals
    ]


def days(connection: apsw.Connection, seed: bytes, contract: str) -> Days:
    """Return the contract's day secrets as far as the journal knows them."""
    committed = [entry.date for entry in read.day_entries(connection, contract, "day") if isinstance(entry, Day)]
    revealed = [entry.date for entry in read.day_entries(connection, contract, "reveal") if isinstance(entry, Reveal)]
    return Days(seed, contract, committed, revealed)


def recorder(keeper: Keeper, plugins: Plugins, state: State) -> Recorder:
    """Return the recorder of a session, with what the journal and the plugins have to say in it."""

    def plan(slot: int, start: int, derived: int) -> tuple[int, ...]:
        view = Slot(number=slot, from_offset=start, derived_offset=derived, contract=state.contract)
        return plugins.plan_moments(view)

    known = days(keeper.journal.connection, keeper.journal.keys.seed, state.contract)
    return Recorder(state, known, recorded=lambda slot: recorded(keeper.journal.connection, slot), plan=plan)
