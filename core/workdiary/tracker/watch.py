"""Looks over the tracker's shoulder for what people should be told in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from workdiary.desk.reader import Reader
from workdiary.errors import WorkdiaryError
from workdiary.payloads import EventKind
from workdiary.slots import iso, lock_ms, slot_of, week_name, week_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workdiary.diary.rules import Rules
    from workdiary.journal.keeper import Keeper
    from workdiary.journal.store import Draft
    from workdiary.plugins.manager import Plugins

#: Per cent of the weekly limit at which there is a warning.
NEAR = 90
QUIET = {"idle", "running", "not here"}  #: states of a plugin that nobody has to do anything about
BEFORE_LOCK_MS = 12 * 3_600_000


class Watch:
    """Tells of the weekly limit, of plugins that change their state, of what is missing; each once."""

    def __init__(self, plugins: Plugins, rules: Rules, tell: Callable[[EventKind, str], None]) -> None:
        self._plugins = plugins
        self._rules = rules
        self._tell = tell
        self._states: dict[str, str] = {}
        self._told: set[tuple[str, int, EventKind]] = set()
        self._silent: set[str] = set()  # sessions without a memo that were told of
        self._trouble = ""
        self._looked_at: int | None = None  # the week

    def plugins(self) -> None:
        """Compare the plugins' states with the last time."""
        states = {one.name: one.state for one in self._plugins.status()}
        for one in self._plugins.status():
            before = self._states.get(one.name, one.state)
            if before != one.state and not {before, one.state} <= QUIET:
                self._tell(EventKind.PLUGIN_CHANGED, f"plugin {one.name} is {one.state}: {one.reason}".rstrip(": "))
        self._states = states

    def limit(self, connection: apsw.Connection, contract: str, wall_ms: int) -> None:
        """Compare the week's tracked time with the contract's limit."""
        try:
            week = Reader(connection, self._rules).week(contract, week_of(slot_of(wall_ms)))
        except (WorkdiaryError, apsw.Error):  # what cannot be billed can still be tracked; `week` says why
            return
        if not week.limit:
            return
        done = sum(one.billable_seconds + one.over_limit_seconds for one in week.segments)
        if done >= week.limit:
            self._once(
                contract, week.number, EventKind.LIMIT_REACHED, "the weekly limit is reached: more is not billed"
            )
        elif done * 100 >= week.limit * NEAR:
            left = (week.limit - done) // 60
            self._once(contract, week.number, EventKind.LIMIT_NEAR, f"{left} minutes are left until the weekly limit")

    def memos(self, sealed: Iterable[Draft]) -> None:
        """Tell of a session whose segments are sealed without a memo."""
        for draft in sealed:
            if not draft.openings["memo"] and draft.values["session"] not in self._silent:
                self._silent.add(draft.values["session"])
                self._tell(EventKind.MEMO_MISSING, f"say what you work on: workdiary memo TEXT ({draft.contract})")

    def disk(self, keeper: Keeper) -> None:
        """Tell of a disk that is in trouble while nothing has failed yet."""
        if keeper.trouble and keeper.trouble != self._trouble:
            self._tell(EventKind.STORAGE_TROUBLE, keeper.trouble)
        self._trouble = keeper.trouble

    def lock(self, connection: apsw.Connection, wall_ms: int) -> None:
        """In the last hours before a week locks, tell of its segments without a memo; once."""
        week = week_of(slot_of(wall_ms)) - 1
        if week == self._looked_at or not 0 < lock_ms(week) - wall_ms <= BEFORE_LOCK_MS:
            return
        self._looked_at = week
        reader = Reader(connection, self._rules)
        try:
            segments = [one for name in sorted(reader.terms()) for one in reader.week(name, week).segments]
        except (WorkdiaryError, apsw.Error):
            return
        open_ones = sum(1 for one in segments if not one.deleted and not one.memo and one.billable_seconds)
        if open_ones:
            text = f"{open_ones} segment(s) of {week_name(week)} have no memo; it locks at {iso(lock_ms(week))}"
            self._tell(EventKind.WEEK_LOCKS, text)

    def _once(self, contract: str, week: int, kind: EventKind, text: str) -> None:
        if (contract, week, kind) not in self._told:
            self._told.add((contract, week, kind))
            self._tell(kind, text)
