"""Reads for the tray what only the journal knows, and ends: ``python -m workdiary_tray.diary`` prints JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from workdiary.clock import system_clock
from workdiary.desk.reader import Reader
from workdiary.diary.rules import Rules
from workdiary.errors import WorkdiaryError
from workdiary.paths import Home
from workdiary.slots import SLOTS_PER_WEEK, slot_of
from workdiary.tracker.status import stopped_status

MOST_MEMOS = 6


def summary(home: Home, wall_ms: int) -> dict[str, Any]:
    """Return the active hourly contracts, each with its last memos, newest first, and the time of today and this week.

    :raises WorkdiaryError: the journal cannot be read.
    """
    if not home.journal.exists():
        return {"contracts": {}, "today_seconds": 0, "week_seconds": 0}
    reader = Reader.open(home, Rules())
    terms = {name: history[-1].terms for name, history in sorted(reader.terms().items())}
    memos: dict[str, list[str]] = {
        name: [] for name, one in terms.items() if one.type == "hourly" and one.status == "active"
    }
    slot = slot_of(wall_ms)
    for segment in reversed(reader.log(range(slot - SLOTS_PER_WEEK, slot + 1)).segments):
        known = memos.get(segment.contract)
        if known is not None and segment.memo and segment.memo not in known and len(known) < MOST_MEMOS:
            known.append(segment.memo)
    sums = stopped_status(reader, wall_ms)
    return {"contracts": memos, "today_seconds": sums["today_seconds"], "week_seconds": sums["week_seconds"]}


def main() -> int:
    """Print the summary."""
    try:
        print(json.dumps(summary(Home.find(os.environ), system_clock().wall)))  # noqa: T201  # the tray reads it
    except WorkdiaryError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the tray shows it
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
