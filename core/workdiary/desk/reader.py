"""The diary as a person sees it, read beside a running tracker."""

from __future__ import annotations

import re
from itertools import count, takewhile
from typing import TYPE_CHECKING, Self

from workdiary.diary.fold import billed_week, fold
from workdiary.diary.model import Log, Record
from workdiary.diary.week import week as bill_week
from workdiary.errors import UsageError
from workdiary.journal import entry as kinds
from workdiary.journal import read, schema
from workdiary.slots import day_of, day_slots, lock_ms, slot_start_ms, week_of, week_slots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    import apsw

    from workdiary.diary.model import GapView, Segment, Week
    from workdiary.diary.rules import Rules
    from workdiary.diary.terms import Since, Terms
    from workdiary.journal.entry import AnyEntry
    from workdiary.journal.read import Row
    from workdiary.paths import Home


class Reader:
    """A reading connection to the journal and the rules by which it is billed."""

    def __init__(self, connection: apsw.Connection, rules: Rules) -> None:
        self.connection = connection
        self._rules = rules

    @classmethod
    def open(cls, home: Home, rules: Rules) -> Self:
        """Open the journal for reading; StorageError if there is none."""
        return cls(schema.connect_readonly(home.journal), rules)

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def terms(self) -> dict[str, tuple[Since, ...]]:
        """Return the history of terms of every contract."""
        return dict(fold(records(read.terms_rows(self.connection))).terms)

    def rows(self, contract: str, number: int) -> list[Row]:
        """Return the stretch of the contract's chain that holds all that concerns a week, empty if nothing does."""
        slots = week_slots(number)
        seqs = read.seqs_between(self.connection, contract, slots)
        if seqs is None:  # what is billed late may be all that there is, before the first entry of a later week
            behind = read.seq_from(self.connection, contract, slots.stop)
            seqs = (behind, behind - 1)
        first, last = self._with_late(contract, number, *seqs)
        rows = read.chain_range(self.connection, contract, first, last)
        late = [row for row in rows if _is_late(row.entry, number)]
        about = self._about(contract, late)
        if about and (min(about) < first or max(about) > last):
            rows = read.chain_range(self.connection, contract, min(first, *about), max(last, *about))
        return rows

    def _with_late(self, contract: str, number: int, first: int, last: int) -> tuple[int, int]:
        """Stretch *first* to *last* to the late segments that were written around them while the week was open."""
        before = takewhile(lambda one: one.at >= lock_ms(number - 1), self._entries(contract, range(first - 1, -1, -1)))
        behind = takewhile(lambda one: one.at < lock_ms(number), self._entries(contract, count(last + 1)))
        late = [one.seq for one in (*before, *behind) if _is_late(one, number)]
        return min([first, *late]), max([last, *late])

    def _entries(self, contract: str, seqs: Iterable[int]) -> Iterator[AnyEntry]:
        """Yield the entries of *seqs* until there is none of one."""
        for seq in seqs:
            found = read.chain_range(self.connection, contract, seq, seq)
            if not found:
                return
            yield found[0].entry

    def _about(self, contract: str, late: Sequence[Row]) -> list[int]:
        """Return the seqs of what else a bill of *late* segments rests on: their days' secrets, and later changes."""
        days = {day_of(row.entry.slot) for row in late if isinstance(row.entry, kinds.Segment)}
        changes = [read.last_change(self.connection, row.number) for row in late]
        return [*read.day_seqs(self.connection, contract, days), *(seq for seq in changes if seq is not None)]

    def week(self, contract: str, number: int) -> Week:
        """Return a contract's week, billed and judged; RuleError if it is by a rule that is not installed."""
        return bill_week(self._week_log(contract, number), number, contract, self._rules)

    def credited(self, contract: str, number: int) -> list[tuple[int, int]]:
        """Return slot and credited seconds of a week's segments, by whatever rule they are billed."""
        return [
            (one.slot, one.credited_seconds)
            for one in self._week_log(contract, number).segments
            if week_of(one.slot) == number
        ]

    def foresee(self, contract: str, number: int, segments: Iterable[str], *, keep_time: bool, at_ms: int) -> Week:
        """Return the week as it would be if these of its segments, or only their images, were erased at *at_ms*."""
        found = self._week_records(contract, number)
        last = max((one.entry for one in found), key=lambda entry: entry.seq)
        stone = kinds.Tombstone(
            device=last.device,
            contract=contract,
            seq=last.seq + 1,
            prev=kinds.FIRST_PREV,
            at=at_ms,
            of=[parse_id(one)[1] for one in segments],
            fields=["snapshot"] if keep_time else ["*"],
            why="owner",
        )
        return bill_week(fold([*found, Record(entry=stone)]), number, contract, self._rules)

    def _week_log(self, contract: str, number: int) -> Log:
        return fold(self._week_records(contract, number))

    def _week_records(self, contract: str, number: int) -> list[Record]:
        self.require(contract)
        terms = [row for row in read.terms_rows(self.connection) if row.entry.contract == contract]
        found = {row.number: row for row in (*terms, *self.rows(contract, number))}
        return records(found[key] for key in sorted(found))

    def require_rules(self, terms: Terms) -> None:
        """RuleError if the terms name a rule that is not installed."""
        self._rules.billing_rule(terms.billing)
        self._rules.protection_rule(terms.protection)

    def day(self, when: date, contract: str = "") -> tuple[list[Segment], list[GapView]]:
        """Return the segments and gaps of a UTC day, of one contract or of all, in order of time."""
        slots = day_slots(when)
        start, end = slot_start_ms(slots.start), slot_start_ms(slots.stop)
        if contract:
            self.require(contract)
        weeks = [self.week(name, week_of(slots.start)) for name in ([contract] if contract else sorted(self.terms()))]
        segments = [one for week in weeks for one in week.segments if one.slot in slots]
        gaps = [gap for week in weeks for gap in week.gaps if gap.start_ms < end and gap.end_ms > start]
        return sorted(segments, key=lambda one: (one.slot, one.seq)), sorted(gaps, key=lambda gap: gap.start_ms)

    def segment(self, segment_id: str, week: Callable[[str, int], Week] | None = None) -> Segment:
        """Return one segment; UsageError if there is none of this id.

        :param week: returns a week that was folded already.
        """
        contract, seq = parse_id(segment_id)
        row = next(iter(read.chain_range(self.connection, contract, seq, seq)), None)
        slot = getattr(row.entry, "slot", None) if row else None
        if slot is not None:
            # A segment recorded after the lock is billed in a later week, but shown in its own.
            for one in (week or self.week)(contract, week_of(slot)).segments:
                if one.id == segment_id:
                    return one
        raise UsageError(f'there is no segment "{segment_id}"', remedy="See their names in: workdiary diary")

    def log(self, slots: range) -> Log:
        """Return what all contracts say of *slots*."""
        return fold(records(read.between(self.connection, slots)))

    def require(self, contract: str) -> None:
        """UsageError if there is no such contract."""
        known = {row.entry.contract for row in read.terms_rows(self.connection)}
        if contract not in known:
            names = ", ".join(sorted(known)) or "none"
            raise UsageError(f'there is no contract "{contract}" (known: {names})', remedy="workdiary contract list")


def records(rows: Iterable[Row]) -> list[Record]:
    """Return rows of the journal as the fold wants them."""
    return [
        Record(
            entry=row.entry,
            digest=row.digest,
            openings={name: value for name, (_salt, value) in row.openings.items()},
        )
        for row in rows
    ]


def _is_late(entry: AnyEntry, number: int) -> bool:
    """Say whether an entry of an earlier week is billed in week *number*."""
    if not isinstance(entry, kinds.Segment | kinds.Manual):
        return False
    return week_of(entry.slot) != number == billed_week(entry.slot, entry.at)


def parse_id(segment_id: str) -> tuple[str, int]:
    """Return contract and seq of a segment's id, as in ``3f9a-acme-41``."""
    match = re.fullmatch(r"[0-9a-f]{4}-(.+)-(\d+)", segment_id)
    if match is None:
        raise UsageError(f'"{segment_id}" is no segment', remedy="See their names in: workdiary diary")
    return match[1], int(match[2])
