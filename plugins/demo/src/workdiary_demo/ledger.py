"""What was recorded on its way into the journal: many drafts in one transaction, each with its own time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.builtin.rules import RULES
from workdiary.desk.desk import carry_out
from workdiary.journal.entry import Segment
from workdiary.slots import slot_start_ms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from workdiary.journal.keeper import Keeper
    from workdiary.journal.store import Draft

BATCH = 400


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A segment that is in the journal."""

    id: str
    contract: str
    slot: int
    has_image: bool


class Ledger:
    """Appends in large transactions. ``week`` holds the segments since ``new_week``."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._waiting: list[tuple[int, Draft]] = []
        self._taken: dict[int, list[tuple[int, int]]] = {}
        self.week: list[Kept] = []
        self.segments = 0
        self.images = 0

    def new_week(self) -> None:
        """Forget the segments of the week before."""
        self.flush()
        self.week = []
        self._taken = {}

    def recorded(self, slot: int) -> list[tuple[int, int]]:
        """Return the intervals that are logged in a slot, in ms since 1970."""
        return self._taken.get(slot, [])

    def add(self, at_ms: int, drafts: Iterable[Draft]) -> None:
        """Take drafts that were written at *at_ms*."""
        for draft in drafts:
            self._waiting.append((at_ms, draft))
            if draft.type is Segment:
                slot = draft.values["slot"]
                base = slot_start_ms(slot)
                taken = [(base + start, base + end) for start, end in draft.values["intervals"]]
                self._taken[slot] = self._taken.get(slot, []) + taken
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        sealed = self._keeper.journal.append_dated(self._waiting)
        device = self._keeper.journal.keys.device[:4]
        for one, (_, draft) in zip(sealed, self._waiting, strict=True):
            if draft.type is Segment:
                self.segments += 1
                self.images += len(draft.images)
                name = f"{device}-{draft.contract}-{one.seq}"
                slot = draft.values["slot"]
                self.week.append(Kept(id=name, contract=draft.contract, slot=slot, has_image=bool(draft.images)))
        self._waiting = []

    def change(self, at_ms: int, name: str, **arguments: Any) -> None:
        """Carry out a change of the diary by its rules; RuleError if they do not allow it."""
        self.flush()
        carry_out(self._keeper, RULES, name, arguments, wall_ms=at_ms)

    def drop(self, ids: Sequence[str]) -> None:
        """Forget segments that were deleted."""
        self.week = [one for one in self.week if one.id not in ids]
