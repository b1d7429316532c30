"""Changes by the owner, who signs everything anew; what they change breaks a rule of the journal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from _outsiders import Members, rebuilt

from workdiary.journal import entry as kinds
from workdiary.proof.lines import SignedEntry, read_entries, write_entries
from workdiary.record.moments import day_secret, moment
from workdiary.slots import SLOT_MS, day_of, slot_start_ms, week_slots
from workdiary.testing.weeks import CONTRACT, HonestWeek

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

# Owners: (week, rng) -> None, on drafts that are signed afterwards


def segment(week: HonestWeek, rng: random.Random, where: Callable[..., bool] = lambda _: True):
    found = [
        (device, seq, draft)
        for device in week.devices
        for seq, draft in enumerate(device.drafts)
        if draft.kind is kinds.Segment and where(draft) and draft.values["slot"] in week_slots(week.number)
    ]
    return rng.choice(found)


def steady(week: HonestWeek) -> Callable[..., bool]:
    """Leave out slots in which the wall clock was moved: there it cannot say what came first."""
    steps = [draft.values for device in week.devices for draft in device.drafts if draft.kind is kinds.Clock]
    moved = {step[end] // SLOT_MS for step in steps for end in ("before", "after")}
    return lambda draft: draft.values["slot"] not in moved


def has_shot(draft) -> bool:
    return "snapshot" in draft.kept and "images" in draft.openings["snapshot"]


def long_slot(week, rng) -> None:
    segment(week, rng)[2].values["intervals"] = [(0, 601_000)]


def crossed(week, rng) -> None:
    segment(week, rng)[2].values["intervals"] = rng.choice(([(0, 5000), (4999, 9000)], [(9, 9)], [(5, 2)], []))


def twice(week, rng) -> None:
    device, _, draft = segment(week, rng)
    begun, drawn = draft.values["intervals"][0][0], draft.values["moments"][0]
    copy = dict(draft.values, session="again", intervals=[(begun, begun + 1)], moments=[drawn])
    device.add(kinds.Segment, draft.at + 1, draft.openings, **copy)


def future(week, rng) -> None:
    draft = segment(week, rng, steady(week))[2]
    draft.values["intervals"] = [(0, SLOT_MS)]
    draft.at = slot_start_ms(draft.values["slot"]) + rng.randrange(500_000)


def other_moment(week, rng) -> None:
    drawn = segment(week, rng)[2].values["moments"][0]
    drawn["at"] += rng.choice((-1, 1))


def early_shot(week, rng) -> None:
    calm = steady(week)
    draft = segment(week, rng, lambda one: calm(one) and has_shot(one) and one.values["moments"][0]["at"] > 5)[2]
    first = min(drawn["at"] for drawn in draft.values["moments"])
    retake(draft, slot_start_ms(draft.values["slot"]) + max(0, first * 1000 - 4000))


def far_shot(week, rng) -> None:
    calm = steady(week)
    draft = segment(week, rng, lambda one: calm(one) and has_shot(one))[2]
    retake(draft, draft.openings["snapshot"]["taken_at"] + rng.choice((-1, 1)) * 2 * SLOT_MS)


def retake(draft, at: int) -> None:
    shot = draft.openings["snapshot"]
    shot["taken_at"] = shot["images"][0]["taken_at"] = at


def rerolled(week, rng) -> None:
    """Leave out the moment, or derive it from a start at which no tracking began."""
    calm = steady(week)
    device, _, draft = segment(week, rng, lambda one: calm(one) and has_shot(one))
    slot = draft.values["slot"]
    begun = {start // 1000 + more for start, _ in draft.values["intervals"] for more in (-1, 0, 1, 2)}
    start = rng.choice([second for second in range(600) if second not in begun])
    at = moment(day_secret(device.seed, CONTRACT, day_of(slot).isoformat()), slot, start)
    draft.values["moments"] = rng.choice(([], [{"start": start, "at": at}]))


def late_change(week, rng) -> None:
    device, seq, draft = segment(week, rng)
    lock = slot_start_ms(week_slots(week.number).stop) + 13 * 3_600_000
    if rng.random() < 0.5:
        device.add(kinds.Edit, lock, {"memo": "afterwards"}, of=[seq])
    else:
        device.add(kinds.Tombstone, lock, of=[seq], fields=["*"], why="owner")
        draft.kept = set()


def odd_tombstone(week, rng) -> None:
    device, seq, draft = segment(week, rng)
    device.add(kinds.Tombstone, draft.at + 9, of=[seq], fields=rng.choice((["memo"], ["counts"], [])), why="owner")


def odd_retention(week, rng) -> None:
    """Let retention erase time, or an image before the lock of its week."""
    device, seq, draft = segment(week, rng, has_shot)
    lock = slot_start_ms(week_slots(week.number).stop) + 13 * 3_600_000
    at, fields = rng.choice(((lock, ["*"]), (draft.at + 9, ["snapshot"])))
    device.add(kinds.Tombstone, at, of=[seq], fields=fields, why="retention")
    draft.kept = set() if fields == ["*"] else draft.kept - {"snapshot"}


def odd_cause(week, rng) -> None:
    steadily = steady(week)
    draft = segment(week, rng, lambda one: has_shot(one) and steadily(one))[2]
    shot = draft.openings["snapshot"]
    shot["cause"] = shot["images"][0]["cause"] = "whim"


def self_edit(week, rng) -> None:
    device, seq, _ = segment(week, rng)
    device.add(kinds.Edit, device.drafts[-1].at, {"memo": "again"}, of=[seq, len(device.drafts)])


def kept_value(week, rng) -> None:
    """Erase a value by a tombstone and hand it out all the same."""
    device, seq, draft = segment(week, rng, lambda one: "memo" in one.kept)
    device.add(kinds.Tombstone, draft.at + 9, of=[seq], fields=["*"], why="owner")


def unsigned_tombstone(week, rng) -> None:
    draft = segment(week, rng, lambda one: "memo" in one.kept)[2]
    draft.kept.discard(rng.choice(sorted(draft.kept & {"memo", "counts", "window"})))


def manual_over(week, rng) -> None:
    device, _, draft = segment(week, rng, lambda one: "memo" in one.kept)
    device.add(kinds.Manual, draft.at + 9, {"memo": "more"}, slot=draft.values["slot"])


def manual_ahead(week, rng) -> None:
    device = rng.choice(week.devices)
    slot = week_slots(week.number).stop - 2
    device.add(kinds.Manual, slot_start_ms(slot), {"memo": "soon"}, slot=slot)


def false_reveal(week, rng) -> None:
    device = rng.choice(week.devices)
    draft = rng.choice([draft for draft in device.drafts if draft.kind is kinds.Reveal])
    draft.values["secret"] = rng.randbytes(32).hex()


def no_commitment(week, rng) -> None:
    device = rng.choice(week.devices)
    draft = rng.choice([draft for draft in device.drafts if draft.kind is kinds.Day])
    draft.kind, draft.values = kinds.Session, {"session": "x", "action": "resume", "reason": ""}


def no_commit_field(week, rng) -> None:
    draft = segment(week, rng, lambda one: "memo" in one.kept)[2]
    field = rng.choice(sorted(draft.openings))
    del draft.openings[field]
    draft.kept.discard(field)


OWNERS: dict[str, Callable[[HonestWeek, random.Random], None]] = {
    "a slot of 601 s": long_slot,
    "intervals that cross": crossed,
    "the same time twice": twice,
    "time that was still to come": future,
    "a moment that was picked": other_moment,
    "a snapshot before its moment": early_shot,
    "a snapshot out of its slot": far_shot,
    "a snapshot without a moment": rerolled,
    "a change after the lock": late_change,
    "a tombstone for a single value": odd_tombstone,
    "retention out of its bounds": odd_retention,
    "a snapshot of unknown cause": odd_cause,
    "an edit that names itself": self_edit,
    "an erased value handed out": kept_value,
    "a value gone without tombstone": unsigned_tombstone,
    "manual over tracked time": manual_over,
    "manual time in the future": manual_ahead,
    "a false day secret": false_reveal,
    "no commitment to the day": no_commitment,
    "a commitment left out": no_commit_field,
}


# Owners, on the last entry or the statement, with everything signed anew


def fraction(body: bytes) -> bytes:
    return body.replace(b'"v":1', b'"v":1.0')


def double_key(body: bytes) -> bytes:
    return body.replace(b'"v":1', b'"v":1,"v":1')


def look_alike(body: bytes) -> bytes:
    return body.replace(b'"seq":', '"\u0455eq":'.encode())


def spaced(body: bytes) -> bytes:
    return body.replace(b'"v":1', b'"v": 1')


def longer(body: bytes) -> bytes:
    return body.replace(b'"seq":', b'"sep":0,"seq":')


def false_total(statement: dict) -> None:
    statement["billable_seconds"] += 1


def false_amount(statement: dict) -> None:
    statement["amount"] += 1


def real_total(statement: dict) -> None:
    statement["tracked_seconds"] = float(statement["tracked_seconds"]) + 0.5


BODIES = {
    "a fraction": fraction,
    "a key twice": double_key,
    "a look-alike key": look_alike,
    "another form of JSON": spaced,
    "an unknown field": longer,
}
TOTALS = {"a false total, signed": false_total, "a false amount, signed": false_amount, "a broken total": real_total}


def resigned(week: HonestWeek, members: Members, kind: str) -> bytes:
    device = week.devices[0]
    claim = json.loads(members["statement.json"])
    members = dict(members)
    if kind in BODIES:
        name = f"{device.name}/entries.jsonl"
        entries = read_entries(name, members[name])
        body = BODIES[kind](entries[-1].body)
        entries[-1] = SignedEntry(body=body, signature=device.sign(body))
        members[name] = write_entries(entries)
        next(one for one in claim["chains"] if one["device"] == device.name)["digest"] = kinds.digest(body)
    else:
        TOTALS[kind](claim["statement"])
    members["statement.json"] = kinds.canonical(claim)
    members["statement.sig"] = device.sign(members["statement.json"]).hex().encode()
    return rebuilt(members)
