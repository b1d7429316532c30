"""The form of a review: what may be disputed, what was chosen, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.errors import UsageError
from workdiary.review.make import billed
from workdiary.slots import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from workdiary.diary.model import Segment, Week


@dataclass(frozen=True, kw_only=True)
class Row:
    """One segment of the form."""

    segment: Segment
    chosen: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Form:
    """What was filled in."""

    rows: Sequence[Row]
    name: str = ""
    reason: str = ""  #: for all that are chosen and have none of their own

    @classmethod
    def of(cls, week: Week, values: Mapping[str, str], chosen: Sequence[str] = ()) -> Form:
        """Return the form of a week, filled in with what was sent."""
        rows = [
            Row(segment=one, chosen=one.id in chosen, reason=values.get(f"reason-{one.id}", ""))
            for one in billed(week)
            if not one.deleted
        ]
        return cls(rows=rows, name=values.get("name", ""), reason=values.get("reason", ""))

    def days(self) -> list[tuple[date, list[Row]]]:
        """Return the rows by UTC day."""
        found: dict[date, list[Row]] = {}
        for row in self.rows:
            found.setdefault(day_of(row.segment.slot), []).append(row)
        return sorted(found.items())

    def disputed(self, action: str) -> dict[str, str]:
        """Return the reasons by segment, none to approve; UsageError if the buttons and the boxes do not fit."""
        chosen = {row.segment.id: row.reason.strip() or self.reason.strip() for row in self.rows if row.chosen}
        if action == "approve" and chosen:
            raise UsageError(
                f"{len(chosen)} of the segments are chosen", remedy="Dispute them, or clear their boxes to approve all."
            )
        if action == "dispute" and not chosen:
            raise UsageError("no segment is chosen", remedy="Tick what you do not accept, and say why.")
        if action not in ("approve", "dispute"):
            raise UsageError("it is neither approved nor disputed", remedy="Use one of the two buttons.")
        bare = sum(not reason for reason in chosen.values())
        if bare:
            raise UsageError(
                f"{bare} of the chosen segments have no reason",
                remedy="Write one beside each, or one for all of them at the end.",
            )
        return chosen
