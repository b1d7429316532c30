"""What docs/reference/billing.md says, computed from the checked chains of one export."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise

SLOT_MS = 600_000
DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS
MONDAY_MS = 4 * DAY_MS  # 1970-01-05 was a Monday
LOCK_MS = DAY_MS // 2
BILLING = {"real-time": 1, "whole-segment": 1}
PROTECTION = {"standard": 1}


class UnknownRuleError(Exception):
    """A rule that is named is not known here."""


class ContradictionError(Exception):
    """The entries cannot be billed."""


def week_of(slot: int) -> int:
    """Return the number of the week in which a slot lies."""
    return (slot * SLOT_MS - MONDAY_MS) // WEEK_MS


def number_of(name: str) -> int:
    """Return the number of the week with this ISO name; ValueError if there is none."""
    year, _, number = name.partition("-W")
    return (date.fromisocalendar(int(year), int(number), 1).toordinal() - date(1970, 1, 5).toordinal()) // 7


def start_of(week: int) -> int:
    """Return when a week begins, ms since 1970."""
    return week * WEEK_MS + MONDAY_MS


def lock_of(week: int) -> int:
    """Return when a week locks, ms since 1970."""
    return start_of(week + 1) + LOCK_MS


def name_of(week: int) -> str:
    """Return a week's ISO name."""
    year, number, _ = datetime.fromtimestamp(start_of(week) // 1000, UTC).isocalendar()
    return f"{year}-W{number:02}"


def statement_of(entry: dict) -> int:
    """Return the number of the week whose statement bills an entry."""
    own = week_of(entry["slot"])
    return own if entry["at"] < lock_of(own) else (entry["at"] - MONDAY_MS - LOCK_MS) // WEEK_MS


@dataclass
class Item:
    """A segment or manual time, and what becomes of its seconds."""

    device: str
    entry: dict
    terms: dict
    shot: bool
    deleted: bool
    seconds: int = 0
    overlap: int = 0
    void: int = 0
    billable: int = 0
    over: int = 0
    barred: bool = False  #: by the terms, whatever it is worth
    spans: list = field(default_factory=list)  #: ms since 1970

    @property
    def manual(self) -> bool:
        return self.entry["kind"] == "manual"

    @property
    def slot(self) -> int:
        return self.entry["slot"]


class History:
    """The contract's terms: one history over all its devices, by time; at one time the higher device's name wins."""

    def __init__(self, chains: list) -> None:
        found = [(e["at"], e) for chain in chains for e in chain.entries if e["kind"] == "terms"]
        found.sort(key=lambda one: one[0])
        self.all = [(at, entry["terms"]) for at, entry in found]
        if not self.all:
            raise ContradictionError("there are no terms to bill by")
        if len({terms["currency"] for _, terms in self.all}) > 1:
            raise ContradictionError("the terms are in more than one currency")

    def at(self, moment: int) -> dict:
        """Return the terms in force at *moment*; before the first ones the first."""
        return next((terms for at, terms in reversed(self.all) if at <= moment), self.all[0][1])

    def limit(self, week: int, moment: int) -> float:
        """Return the weekly limit at *moment*: the highest since Monday."""
        monday = start_of(week)
        limits = [self.at(monday)] + [terms for at, terms in self.all if monday < at <= moment]
        return max(float("inf") if one["weekly_limit"] is None else one["weekly_limit"] for one in limits)


def statement(chains: list, contract: str, week: int) -> dict:
    """Compute a week's statement."""
    history = History(chains)
    items = [item for chain in chains for item in _items(chain, history)]
    _share(items)
    own = [item for item in items if statement_of(item.entry) == week]
    terms = [item.terms for item in own] or [history.at(start_of(week + 1) - 1)]
    rules = _rules(terms)
    _bill(own, week, history)
    kept = [item for item in own if not item.deleted]
    lines: dict[int, int] = {}
    for item in kept:
        if item.billable:
            lines[item.terms["rate"]] = lines.get(item.terms["rate"], 0) + item.billable
    return {
        "contract": contract,
        "week": name_of(week),
        "segments": len(kept),
        "tracked_seconds": sum(item.seconds for item in kept if not item.manual),
        "manual_seconds": sum(item.seconds for item in kept if item.manual),
        "overlap_seconds": sum(item.overlap for item in kept),
        "over_limit_seconds": sum(item.over for item in kept),
        "void_seconds": sum(item.void for item in kept),
        "deleted_seconds": sum(item.seconds for item in own if item.deleted),
        "late_seconds": sum(item.billable for item in kept if week_of(item.slot) < week),
        "billable_seconds": sum(item.billable for item in kept),
        "lines": [{"rate": rate, "seconds": lines[rate]} for rate in sorted(lines)],
        "amount": (2 * sum(rate * seconds for rate, seconds in lines.items()) + 3600) // 7200,
        "currency": history.all[0][1]["currency"],
        "rules": rules,
        "rules_hash": _hash(rules),
    }


def _rules(terms: list[dict]) -> list[str]:
    named = set()
    for kind, known in (("billing", BILLING), ("protection", PROTECTION)):
        for one in terms:
            if one[kind] not in known:
                raise UnknownRuleError(f"the {kind} rule {one[kind]!r} is not known here")
            named.add(f"{kind} {one[kind]} {known[one[kind]]}")
    return sorted(named)


def _hash(rules: list[str]) -> str:
    return hashlib.sha256(("[" + ",".join(f'"{one}"' for one in rules) + "]").encode()).hexdigest()


def _items(chain, history: History):
    for entry in chain.entries:
        if entry["kind"] not in ("segment", "manual"):
            continue
        begin = entry["slot"] * SLOT_MS
        terms = history.at(begin)
        lock = lock_of(statement_of(entry))
        stones = [e for e in chain.entries if e["kind"] == "tombstone" and entry["seq"] in e["of"] and e["at"] < lock]
        whole = any("*" in e["fields"] for e in stones)
        bare = any("snapshot" in e["fields"] for e in stones)
        taken = not terms["keep_time"] and any("snapshot" in e["fields"] and e["why"] == "owner" for e in stones)
        shot = entry["kind"] == "segment" and not bare and _stood(chain, entry)
        item = Item(chain.device, entry, terms, shot, whole or (taken and entry["kind"] == "segment"))
        pairs = entry["intervals"] if entry["kind"] == "segment" else [[0, SLOT_MS]]
        item.spans = [(begin + start, begin + end) for start, end in pairs]
        item.seconds = sum(end - start for start, end in item.spans) // 1000
        yield item


def _stood(chain, entry: dict) -> bool:
    """Tell whether the snapshot was there: it is here, or was erased after the lock."""
    value = chain.openings.get((entry["seq"], "snapshot"))
    if value is None:
        return "snapshot" in chain.erased.get(entry["seq"], ())
    return bool(value.get("images"))


def _share(items: list[Item]) -> None:
    """Count each moment once and find what is void, in the order in which time is credited."""
    items = [item for item in items if not item.deleted]
    items.sort(key=lambda item: (statement_of(item.entry), item.manual, item.device, item.slot, item.entry["seq"]))
    counted: dict[int, list] = {}
    for item in items:
        taken = counted.setdefault(item.slot, [])
        if item.terms["type"] == "fixed" or item.terms["status"] != "active":
            item.void, item.barred = item.seconds, True
            continue
        if item.manual:
            allowed = item.terms["manual"] and item.entry["at"] >= (item.slot + 1) * SLOT_MS
            open_week = item.entry["at"] < lock_of(week_of(item.slot))
            item.void = item.seconds if taken or not allowed or not open_week else 0
        else:
            item.overlap = item.seconds - _left(item.spans, taken) // 1000
        taken.extend(item.spans)
        item.billable = item.seconds - item.overlap - item.void


def _left(spans: list, taken: list) -> int:
    """Return the ms of *spans* that no interval of *taken* covers."""
    points = sorted({point for span in [*spans, *taken] for point in span})
    return sum(
        right - left
        for left, right in pairwise(points)
        if any(a <= left < b for a, b in spans) and not any(a <= left < b for a, b in taken)
    )


def _bill(items: list[Item], week: int, history: History) -> None:
    """Apply the billing rule, 600 seconds a slot, and the weekly limit, in order of time."""
    used: dict[int, int] = {}
    spent = 0
    for item in sorted(items, key=lambda one: (one.slot, one.manual, one.device, one.entry["seq"])):
        if item.deleted:
            continue
        if item.terms["billing"] == "whole-segment":
            item.billable = 600 if item.shot and not item.barred else 0
        item.billable = min(item.billable, 600 - used.get(item.slot, 0))
        used[item.slot] = used.get(item.slot, 0) + item.billable
        room = max(0, history.limit(week, item.slot * SLOT_MS) - spent)
        fits = int(min(item.billable, room))
        item.over, item.billable = item.billable - fits, fits
        spent += fits
