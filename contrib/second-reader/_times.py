"""Times and snapshots: intervals, manual time, days, moments, by docs/reference/journal.md and export.md."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from _bill import SLOT_MS
from _chain import MISSING, REMARK

if TYPE_CHECKING:
    from _chain import Chain

BEFORE_MS, AFTER_MS, START_MS = 2_000, 10_000, 1_000


def check_times(chain: Chain) -> None:
    """Check intervals, manual time, days, moments and the times of snapshots."""
    moved = [sorted((e["before"] // SLOT_MS, e["after"] // SLOT_MS)) for e in chain.range if e["kind"] == "clock"]
    spans: dict[int, list] = {}
    deleted: set[int] = set()
    for entry in chain.range:
        where, slot = chain.at(entry["seq"]), entry.get("slot", 0)
        steady = not any(first <= slot <= last for first, last in moved)
        known = spans.setdefault(slot, [])
        if entry["kind"] == "tombstone" and "*" in entry["fields"]:
            deleted.update(entry["of"])
        if entry["kind"] == "manual" and any(seq not in deleted for _, _, seq in known):
            chain.report.false(where, "it adds manual time where time was tracked")
        if entry["kind"] == "manual" and steady and entry["at"] < (slot + 1) * SLOT_MS:
            chain.report.false(where, "it adds manual time that lay in the future")
        if entry["kind"] == "segment":
            check_segment(chain, entry, known, steady=steady)


def check_segment(chain: Chain, entry: dict, known: list[tuple[int, int, int]], *, steady: bool) -> None:
    """Check a segment's intervals against its slot, what is *known* of it, and when it was written."""
    where, slot = chain.at(entry["seq"]), entry["slot"]
    edges = [edge for pair in entry["intervals"] for edge in pair]
    ascending = all(a < b for a, b in entry["intervals"]) and edges == sorted(edges)
    if not edges or edges[0] < 0 or edges[-1] > SLOT_MS or not ascending:
        chain.report.false(where, "its intervals are not ascending and disjoint within the slot")
        return
    if any(a < other_b and other_a < b for a, b in entry["intervals"] for other_a, other_b, _ in known):
        chain.report.false(where, "the device has counted the same time already")
    known.extend((a, b, entry["seq"]) for a, b in entry["intervals"])
    if steady and slot * SLOT_MS + edges[-1] > entry["at"] + BEFORE_MS:
        chain.report.false(where, "it ends after it was written")
    check_moments(chain, entry)
    shot = chain.openings.get((entry["seq"], "snapshot"), {})
    if "taken_at" in shot:
        check_shot(chain, entry, shot, steady=steady)


def check_moments(chain: Chain, entry: dict) -> None:
    """Check that a segment's day was committed to before it and revealed truly, and derive its moments anew."""
    date, where = date_of(entry["slot"]), chain.at(entry["seq"])
    days = [e for e in chain.range if e["kind"] == "day" and e["date"] == date]
    reveals = [e for e in chain.range if e["kind"] == "reveal" and e["date"] == date]
    if not any(day["seq"] < entry["seq"] for day in days):
        chain.report.add(MISSING, where, f"no secret of {date} was committed to before it")
    if len(days) > 1:
        chain.report.false(chain.at(days[1]["seq"]), f"the secret of {date} was committed to twice")
    if not reveals:
        chain.report.add(REMARK, where, f"the secret of {date} is not revealed yet")
    for reveal in reveals:
        secret = bytes.fromhex(reveal["secret"])
        if days and any(hashlib.sha256(b"workdiary/1/day\0" + secret).hexdigest() != d["commit"] for d in days):
            chain.report.false(chain.at(reveal["seq"]), f"the secret of {date} is not the one that was committed to")
        if reveal["seq"] < entry["seq"]:
            chain.report.add(REMARK, where, f"the secret of {date} was revealed before it")
        made = hmac.digest(secret, f"workdiary/1/slot/{entry['slot']}".encode(), "sha256")
        draw = int.from_bytes(made[:8], "big")
        for one in entry["moments"]:
            start = one["start"]
            if not 0 <= start < 600 or one["at"] != start + (draw * (600 - start) >> 64):
                chain.report.false(where, f"its moment at second {one['at']} was not derived")


def check_shot(chain: Chain, entry: dict, shot: dict, *, steady: bool) -> None:
    """Check a snapshot's time against its slot and, if it is a derived one, against its moments."""
    begin, where = entry["slot"] * SLOT_MS, chain.at(entry["seq"])
    begun = [start for start, _ in entry["intervals"]]
    own = [m["at"] for m in entry["moments"] if any(abs(m["start"] * 1000 - one) <= START_MS for one in begun)]
    first = shot["images"][0]
    if (first["taken_at"], first["cause"]) != (shot["taken_at"], shot["cause"]):
        chain.report.false(where, "its snapshot and its first image name two times or causes")
    if steady and not begin <= shot["taken_at"] < begin + SLOT_MS + AFTER_MS:
        chain.report.false(where, "its snapshot was not taken in its slot")
    if steady and shot["cause"] not in {"derived", "policy"}:
        chain.report.false(where, "its snapshot has an unknown cause")
    if shot["cause"] != "derived" or not steady:
        return
    if not own:
        chain.report.false(where, "its snapshot has no moment that belongs to tracked time")
    elif shot["taken_at"] < begin + min(own) * 1000 - BEFORE_MS:
        chain.report.false(where, "its snapshot was taken before its moment")


def date_of(slot: int) -> str:
    return datetime.fromtimestamp(slot * 600, UTC).date().isoformat()
