"""What a person may change, as pure plans: the rules of the diary, then drafts of entries."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workdiary.desk.reader import parse_id
from workdiary.diary.terms import Terms, in_force
from workdiary.diary.text import require_text
from workdiary.errors import RuleError, UsageError
from workdiary.journal import entry as entries
from workdiary.journal.store import Draft
from workdiary.slots import is_locked, iso, lock_ms, slot_of, slot_start_ms, week_name, week_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from workdiary.desk.reader import Reader
    from workdiary.diary.model import Segment

NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")


def contract_add(reader: Reader, _wall_ms: int, *, contract: str, terms: Mapping[str, Any]) -> list[Draft]:
    """A new contract."""
    if not NAME.fullmatch(contract):
        raise UsageError(
            f'"{contract}" cannot name a contract',
            remedy="Use up to 40 lower-case letters, digits and . _ - as in acme.",
        )
    if contract in reader.terms():
        raise UsageError(f"there is a contract {contract} already", remedy=f"workdiary contract edit {contract}")
    new = Terms(**{"title": contract, **terms})
    _require_usable(reader, new)
    return [_terms(contract, new)]


def contract_edit(reader: Reader, wall_ms: int, *, contract: str, terms: Mapping[str, Any]) -> list[Draft]:
    """New terms from now on."""
    old = _terms_at(reader, wall_ms, contract)
    new = replace(old, **terms)
    old.require_change_to(new)
    _require_usable(reader, new)
    if new == old:
        raise UsageError("these are the terms already", remedy=f"workdiary contract show {contract}")
    return [_terms(contract, new)]


def delete(reader: Reader, wall_ms: int, *, segments: Sequence[str], keep_time: bool) -> list[Draft]:
    """Erase segments for good, or only their images."""
    by_contract = _open_for_change(reader, wall_ms, segments, "deleted")
    for one in (one for found in by_contract.values() for one in found if keep_time):
        if not _terms_at(reader, slot_start_ms(one.slot), one.contract).keep_time:
            raise RuleError(
                f"{one.contract} does not allow an image to be removed while its time is kept",
                remedy="Delete the segment with its time, or ask the client.",
            )
        if one.snapshot is None:
            raise RuleError(f"{one.id} has no image", remedy="workdiary diary")
    fields = ["snapshot"] if keep_time else ["*"]
    return [
        Draft(
            contract=contract,
            type=entries.Tombstone,
            values={"of": sorted(one.seq for one in found), "fields": fields, "why": "owner"},
        )
        for contract, found in by_contract.items()
    ]


def edit_memo(reader: Reader, wall_ms: int, *, segments: Sequence[str], memo: str) -> list[Draft]:
    """A new memo for segments that are sealed."""
    require_text("memo", memo)
    return [
        Draft(
            contract=contract,
            type=entries.Edit,
            values={"of": sorted(one.seq for one in found)},
            openings={"memo": memo},
        )
        for contract, found in _open_for_change(reader, wall_ms, segments, "edited").items()
    ]


def manual_add(
    reader: Reader, wall_ms: int, *, contract: str, start_ms: int, slots: int, memo: str, busy: Collection[int] = ()
) -> list[Draft]:
    """Whole slots of manual time; *busy* are those that are being tracked right now."""
    require_text("memo", memo)
    wanted = range(slot_of(start_ms), slot_of(start_ms) + slots)
    _require_manual(_terms_at(reader, wall_ms, contract), contract)
    if start_ms != slot_start_ms(wanted.start) or slots < 1:
        raise UsageError(
            "manual time comes in whole slots of ten minutes", remedy="Begin at :00, :10, :20, :30, :40 or :50."
        )
    if slot_start_ms(wanted.stop) > wall_ms:
        raise RuleError("manual time cannot lie in the future", remedy="Add it when the time is over.")
    if is_locked(wanted.start, wall_ms):
        raise RuleError(
            f"week {week_name(week_of(wanted.start))} is locked", remedy="Ask the client for a bonus instead."
        )
    for slot in wanted:
        _require_manual(_terms_at(reader, slot_start_ms(slot), contract), contract)
    logged = {one.slot for one in reader.log(wanted).segments if not one.deleted} | set(busy)
    taken = sorted(logged.intersection(wanted))
    if taken:
        raise RuleError(
            f"time is logged already at {iso(slot_start_ms(taken[0]))}", remedy="Choose slots where nothing is logged."
        )
    return [
        Draft(contract=contract, type=entries.Manual, values={"slot": slot}, openings={"memo": memo}) for slot in wanted
    ]


CHANGES: dict[str, Callable[..., list[Draft]]] = {
    "contract_add": contract_add,
    "contract_edit": contract_edit,
    "delete": delete,
    "edit_memo": edit_memo,
    "manual_add": manual_add,
}


def _open_for_change(reader: Reader, wall_ms: int, ids: Sequence[str], done: str) -> dict[str, list[Segment]]:
    if not ids:
        raise UsageError("no segment was named", remedy="See their names in: workdiary diary")
    found: dict[str, list[Segment]] = defaultdict(list)
    for one in dict.fromkeys(ids):
        segment = reader.segment(one)
        if segment.deleted:
            raise RuleError(f"{one} was deleted already", remedy="workdiary diary")
        if wall_ms >= lock_ms(segment.billed_week):
            name = week_name(segment.billed_week)
            raise RuleError(f"week {name} is locked: {one} cannot be {done} any more", remedy=f"workdiary week {name}")
        found[parse_id(one)[0]].append(segment)
    return found


def _require_manual(terms: Terms, contract: str) -> None:
    """Refuse what the fold would count for nothing."""
    if terms.type == "fixed":
        raise RuleError(f"{contract} is a fixed-price contract: it has no time log", remedy="Ask for a bonus instead.")
    if terms.status != "active":
        raise RuleError(f"{contract} is {terms.status}", remedy=f"workdiary contract show {contract}")
    if not terms.manual:
        raise RuleError(
            f"{contract} does not allow manual time", remedy="Ask the client to allow it: contract edit --manual"
        )


def _require_usable(reader: Reader, terms: Terms) -> None:
    require_text("title", terms.title)
    require_text("client", terms.client)
    reader.require_rules(terms)


def _terms_at(reader: Reader, wall_ms: int, contract: str) -> Terms:
    reader.require(contract)
    terms = in_force(reader.terms()[contract], wall_ms)
    assert terms is not None  # a contract begins with its terms
    return terms


def _terms(contract: str, terms: Terms) -> Draft:
    return Draft(contract=contract, type=entries.Terms, values={"terms": terms.to_entry()})
