"""Day secrets: committed to before a day's first segment, revealed after its last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.journal import entry as entries
from workdiary.journal.store import Draft
from workdiary.record.moments import commit_day, day_secret, moment
from workdiary.slots import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable


class Days:
    """One contract's day secrets on this device."""

    def __init__(self, seed: bytes, contract: str, committed: Iterable[str], revealed: Iterable[str]) -> None:
        self._seed = seed
        self._contract = contract
        self._committed = set(committed)
        self._revealed = set(revealed)

    def _secret(self, date: str) -> bytes:
        return day_secret(self._seed, self._contract, date)

    def moment(self, slot: int, start: int) -> int:
        """Return the derived second of *slot* for tracking that begins at second *start* of it."""
        return moment(self._secret(day_of(slot).isoformat()), slot, start)

    def commit(self, slot: int) -> list[Draft]:
        """Return the commitment to the slot's day, if it is not in the journal yet."""
        date = day_of(slot).isoformat()
        if date in self._committed:
            return []
        self._committed.add(date)
        return [self._draft(entries.Day, date=date, commit=commit_day(self._secret(date)))]

    def reveal(self, before_slot: int) -> list[Draft]:
        """Return the secrets of all committed days that lie wholly before the slot's day."""
        today = day_of(before_slot).isoformat()
        over = sorted(date for date in self._committed - self._revealed if date < today)
        self._revealed.update(over)
        return [self._draft(entries.Reveal, date=date, secret=self._secret(date).hex()) for date in over]

    def _draft(self, kind: type[entries.Entry], **values: str) -> Draft:
        return Draft(contract=self._contract, type=kind, values=values)
