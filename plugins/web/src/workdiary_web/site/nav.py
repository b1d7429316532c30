"""The pages that the navigation names."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One page: the name of its URL, what it is called, and the key after ``g`` that goes there."""

    name: str
    label: str
    key: str


NAV = (
    Entry("day", "Day", "d"),
    Entry("week", "Week", "w"),
    Entry("timeline", "Timeline", "t"),
    Entry("contracts", "Contracts", "c"),
    Entry("manual", "Manual time", "m"),
)
#: Those about the machine, where there is one.
MACHINE = (
    Entry("queue", "Queue", "q"),
    Entry("health", "Health", "h"),
    Entry("settings", "Settings", "s"),
)
