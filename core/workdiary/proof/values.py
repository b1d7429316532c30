"""What the commitments stand for: openings, tombstones, images."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from workdiary.diary.fold import billed_week
from workdiary.journal import entry as kinds
from workdiary.journal.age import open_with
from workdiary.slots import lock_ms, week_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workdiary.diary.model import Log
    from workdiary.proof.links import Links
    from workdiary.proof.report import Report

_FIELDS: dict[type, set[str]] = {
    kinds.Segment: {"window", "counts", "memo", "snapshot"},
    kinds.Manual: {"memo"},
    kinds.Edit: {"memo"},
}
#: Its owner may take everything back; the end of retention takes images, never time.
_TOMBSTONES = ((["*"], "owner"), (["snapshot"], "owner"), (["snapshot"], "retention"))
_SALT_BYTES = 32
_KEY = re.compile(rb"[0-9a-f]{32}")


def check_values(chain: Links, week: int, report: Report) -> None:
    """Check every opening against its commitment, and every missing one against a tombstone."""
    erased = _erased(chain, report)
    needed = _needed(chain, week)
    _check_edits(chain, report)
    for (seq, field), (salt, value) in chain.openings.items():
        commit = getattr(chain.entries.get(seq), "commits", {}).get(field)
        if commit is None or seq < chain.first:
            report.contradiction(chain.name(seq), f"the file holds a {field} of which the entry says nothing")
        elif len(salt) != _SALT_BYTES or kinds.commitment(field, salt, value) != commit:
            report.contradiction(chain.name(seq), f"its {field} is not the one that was signed")
        elif (seq, field) in erased:
            report.contradiction(chain.name(seq), f"its {field} is here though its owner erased it")
        elif not _is_canonical(value):
            report.contradiction(chain.name(seq), f"its {field} is not in canonical form")
    for seq, one in chain.entries.items():
        _check_commits(chain, seq, one, erased, report, needed=seq in needed)
        if isinstance(one, kinds.Recover) and one.lost_to >= one.lost_from:
            lost = f"entries {one.lost_from} to {one.lost_to} were lost with a damaged file"
            report.incomplete(chain.name(seq), lost)


def check_images(log: Log, images: Mapping[str, bytes], devices: Iterable[Links], week: int, report: Report) -> None:
    """Check that the blobs are images of the range's segments, and that none of the week's is missing."""
    names = {chain.device: chain.name for chain in devices}
    known = {
        image.sha256: (image.bytes, segment)
        for segment in log.segments
        if segment.snapshot
        for image in segment.snapshot.images
    }
    for name, blob in images.items():
        if name not in known:
            report.contradiction(f"blobs/{name}", "no segment names it")
            continue
        size, segment = known[name]
        if len(blob) != size or hashlib.sha256(blob).hexdigest() != name:
            where = f"blobs/{name} and {names[segment.device](segment.seq)}"
            report.contradiction(where, "the image is not the one that was signed")
    for name, (_, segment) in known.items():
        if name not in images and week in {week_of(segment.slot), segment.billed_week}:
            report.incomplete(names[segment.device](segment.seq), f"its image {name} is withheld")


def check_keys(images: Mapping[str, bytes], keys: Mapping[str, bytes], report: Report) -> None:
    """Check that each key opens the image of its name: then what it shows is what was sealed."""
    for name, key in keys.items():
        try:
            if name not in images:
                raise ValueError("there is no image of this name")
            if not _KEY.fullmatch(key):
                raise ValueError("it is no key")
            open_with(images[name], bytes.fromhex(key.decode()))
        except ValueError as error:
            report.contradiction(f"keys/{name}", f"it does not open an image: {error}")


def _is_canonical(value: bytes) -> bool:
    try:
        return kinds.canonical(kinds.parse(value)) == value
    except (ValueError, RecursionError):  # the latter: nested too deeply for anybody
        return False


def _erased(chain: Links, report: Report) -> set[tuple[int, str]]:
    """Return which values were erased; complain about tombstones that break a rule."""
    erased: set[tuple[int, str]] = set()
    whole: set[int] = set()
    for stone in chain.entries.values():
        if not isinstance(stone, kinds.Tombstone):
            continue
        if (stone.fields, stone.why) not in _TOMBSTONES:
            report.contradiction(chain.name(stone.seq), "it erases what no tombstone may, or for no known reason")
        for seq in stone.of:
            target = chain.entries.get(seq)
            _check_target(chain, stone, seq, target, report)
            fields = _FIELDS.get(type(target), set()) if "*" in stone.fields else set(stone.fields)
            erased |= {(seq, field) for field in fields}
            if "*" in stone.fields:
                whole.add(seq)
    for one in chain.entries.values():
        if isinstance(one, kinds.Edit) and one.of and whole.issuperset(one.of):
            erased.add((one.seq, "memo"))
    return erased


def _check_edits(chain: Links, report: Report) -> None:
    for one in chain.entries.values():
        if isinstance(one, kinds.Edit):
            for seq in one.of:
                _check_target(chain, one, seq, chain.entries.get(seq), report)


def _check_target(
    chain: Links, one: kinds.Edit | kinds.Tombstone, seq: int, target: kinds.AnyEntry | None, report: Report
) -> None:
    """An edit or a deletion names an earlier entry, and comes before the lock; retention may come later."""
    if target is None and 0 < seq < chain.first:
        return
    if seq >= one.seq or not isinstance(target, kinds.Segment | kinds.Manual | kinds.Edit):
        report.contradiction(chain.name(one.seq), f"it names entry {seq}, which it cannot change")
    elif isinstance(target, kinds.Segment | kinds.Manual) and (
        (one.at >= lock_ms(billed_week(target.slot, target.at))) == (getattr(one, "why", "owner") == "owner")
    ):
        when = "after its week locked" if getattr(one, "why", "owner") == "owner" else "before, for its retention"
        report.contradiction(f"{chain.name(one.seq)} and {chain.name(seq)}", f"it was changed {when}")


def _check_commits(
    chain: Links, seq: int, one: kinds.AnyEntry, erased: set[tuple[int, str]], report: Report, *, needed: bool
) -> None:
    fields = _FIELDS.get(type(one))
    if fields is None:
        return
    commits: dict[str, str] = getattr(one, "commits", {})
    if set(commits) != fields:
        report.contradiction(chain.name(seq), "it does not commit to the values of its kind")
    if not needed:
        return
    for field in sorted(fields - {name for at, name in erased if at == seq}):
        if (seq, field) not in chain.openings:
            report.incomplete(chain.name(seq), f"its {field} is withheld: it is not here, and no tombstone erased it")


def _needed(chain: Links, week: int) -> set[int]:
    """Return the entries whose values a week's export must hold: its own, and the edits of them, one by one."""
    found: set[int] = set()
    for seq, one in sorted(chain.entries.items()):
        if isinstance(one, kinds.Segment | kinds.Manual):
            belongs = week_of(one.slot) == week or billed_week(one.slot, one.at) == week
        else:  # one that names itself or a later one was complained about
            belongs = isinstance(one, kinds.Edit) and not found.isdisjoint(one.of)
        if belongs:
            found.add(seq)
    return found
