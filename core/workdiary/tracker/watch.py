"""Looks over the tracker's shoulder for what people should be told in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from workdiary.desk.reader import Reader
from workdiary.errors import WorkdiaryError
from workdiary.payloads import EventKind
from workdiary.slots import slot_of, week_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.diary.rules import Rules
    from workdiary.plugins.manager import Plugins

#: Per cent of the weekly limit at which there is a warning.
NEAR = 90


class Watch:
    """Tells of the weekly limit, and of plugins that change their state; each once."""

    def __init__(self, plugins: Plugins, rules: Rules, tell: Callable[[EventKind, str], None]) -> None:
        self._plugins = plugins
        self._rules = rules
        self._tell = tell
        self._states: dict[str, str] = {}
        self._told: set[tuple[str, int, EventKind]] = set()

    def plugins(self) -> None:
        """Compare the plugins' states with the last time."""
        states = {one.name: one.state for one in self._plugins.status()}
        for one in self._plugins.status():
            before = self._states.get(one.name, one.state)
            if before != one.state and {before, one.state} != {"idle", "running"}:
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

    def _once(self, contract: str, week: int, kind: EventKind, text: str) -> None:
        if (contract, week, kind) not in self._told:
            self._told.add((contract, week, kind))
            self._tell(kind, text)
