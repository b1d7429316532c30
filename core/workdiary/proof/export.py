"""Writing a week as one file that proves itself."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from workdiary.diary.fold import billed_week, fold
from workdiary.diary.model import Record
from workdiary.diary.week import week
from workdiary.errors import UsageError
from workdiary.journal import entry as kinds
from workdiary.proof.bundle import build
from workdiary.proof.lines import ChainClaim, ChainPart, Claim, SignedEntry, write_entries, write_openings
from workdiary.slots import day_of, slot_of, week_name, week_slots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from workdiary.diary.rules import Rules

__all__ = ["ChainPart", "SignedEntry", "export", "export_bytes", "part_of", "records_of", "span"]


def export(
    parts: Sequence[ChainPart],
    *,
    number: int,
    rules: Rules,
    at_ms: int,
    sign: Callable[[bytes], bytes],
    file: BinaryIO,
    images: bool = False,
) -> None:
    """Write the bundle of one contract's week.

    :param parts: one for each device; the first is the device that signs the statement.
    :param sign: signs a body as an entry is signed (``Keys.sign``).
    :param images: put in the sealed images as well, and the keys that open them.
    """
    contract = kinds.decode(parts[0].key.body).contract if parts else "the contract"
    if not parts or not all(part.entries for part in parts):
        raise UsageError(f"{contract} has no entries in {week_name(number)}", remedy="Choose another week.")
    statement = week(fold(record for part in parts for record in records_of(part)), number, contract, rules).statement
    chains = [_claim(part) for part in parts]
    body = kinds.canonical(
        msgspec.to_builtins(
            Claim(
                v=1,
                at=at_ms,
                device=chains[0].device,
                contract=contract,
                week=week_name(number),
                images=images,
                chains=sorted(chains, key=lambda chain: chain.device),
                statement=statement.to_json(),
            )
        )
    )
    members: dict[str, bytes | Path] = {"statement.json": body, "statement.sig": sign(body).hex().encode()}
    for chain, part in zip(chains, parts, strict=True):
        before = [part.terms_before] if part.terms_before else []
        members[f"{chain.device}/entries.jsonl"] = write_entries([part.key, *before, *part.entries])
        members[f"{chain.device}/openings.jsonl"] = write_openings(part.openings)
        if images:
            members |= {f"blobs/{name}": blob for name, blob in part.blobs.items()}
            members |= {f"keys/{name}": key.hex().encode() for name, key in part.keys.items()}
    build(members, file)


def export_bytes(
    parts: Sequence[ChainPart], *, number: int, rules: Rules, at_ms: int, sign: Callable[[bytes], bytes]
) -> bytes:
    """Return the bundle without images."""
    file = io.BytesIO()
    export(parts, number=number, rules=rules, at_ms=at_ms, sign=sign, file=file)
    return file.getvalue()


def records_of(part: ChainPart) -> Iterable[Record]:
    """Yield what the fold needs of a chain's part; ValueError if a body is no entry."""
    before = [part.terms_before] if part.terms_before else []
    by_seq: dict[int, dict[str, bytes]] = {}
    for (seq, field), (_, value) in part.openings.items():
        by_seq.setdefault(seq, {})[field] = value
    for signed in (part.key, *before, *part.entries):
        entry = kinds.decode(signed.body)
        yield Record(entry=entry, digest=kinds.digest(signed.body), openings=by_seq.get(entry.seq, {}))


def span(entries: Sequence[kinds.AnyEntry], number: int) -> tuple[int, int] | None:
    """Return first and last seq, of a whole chain, of what touches a week; None if nothing does.

    Touching are its slots, what is billed in it, their days' secrets, later edits and tombstones, and what was
    written in it.
    """
    slots = week_slots(number)
    touching = {
        one.seq: one.slot
        for one in entries
        if isinstance(one, kinds.Segment | kinds.Manual)
        and (one.slot in slots or billed_week(one.slot, one.at) == number)
    }
    dates = {day_of(slot).isoformat() for slot in touching.values()}
    found = [one.seq for one in entries if one.seq and (one.seq in touching or _touches(one, touching, dates, slots))]
    return (min(found), max(found)) if found else None


def _touches(one: kinds.AnyEntry, touching: dict[int, int], dates: set[str], slots: range) -> bool:
    if isinstance(one, kinds.Edit | kinds.Tombstone):
        return not touching.keys().isdisjoint(one.of)
    if isinstance(one, kinds.Day | kinds.Reveal):
        return one.date in dates
    if isinstance(one, kinds.Gap):
        return slot_of(one.start) in slots or slot_of(one.end) in slots
    return not isinstance(one, kinds.Segment | kinds.Manual) and slot_of(one.at) in slots


def part_of(key: SignedEntry, chain: Sequence[SignedEntry], part: ChainPart, number: int) -> ChainPart | None:
    """Cut a whole chain (without its key) down to what touches a week; openings and blobs come from *part*."""
    entries = [kinds.decode(signed.body) for signed in chain]
    found = span(entries, number)
    if found is None:
        return None
    first, last = found
    terms = [at for at, one in enumerate(entries) if isinstance(one, kinds.Terms) and one.seq < first]
    return replace(
        part,
        key=key,
        terms_before=chain[terms[-1]] if terms else None,
        entries=[signed for signed, one in zip(chain, entries, strict=True) if first <= one.seq <= last],
        openings={at: pair for at, pair in part.openings.items() if first <= at[0] <= last},
    )


def _claim(part: ChainPart) -> ChainClaim:
    first, last = kinds.decode(part.entries[0].body), kinds.decode(part.entries[-1].body)
    return ChainClaim(
        device=first.device,
        terms=kinds.decode(part.terms_before.body).seq if part.terms_before else None,
        first=first.seq,
        prev=first.prev,
        head=last.seq,
        digest=kinds.digest(part.entries[-1].body),
    )
