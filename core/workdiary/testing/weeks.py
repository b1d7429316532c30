"""Weeks made up from a seed: honest ones to begin with, for tests of the fold, of exports and of the verifier."""

from __future__ import annotations

import copy
import hashlib
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workdiary.builtin.rules import RULES
from workdiary.diary.terms import Terms
from workdiary.journal import entry as kinds
from workdiary.proof.export import ChainPart, SignedEntry, export_bytes, part_of
from workdiary.record.moments import commit_day, day_secret, moment
from workdiary.slots import SLOT_MS, day_of, slot_start_ms, week_slots

if TYPE_CHECKING:
    from collections.abc import Callable

CONTRACT = "acme"
RETENTION_MS = 200 * 86_400_000
#: What may have come of the notice of a picture.
NOTICES: tuple[Callable[[int], dict[str, Any]], ...] = (
    lambda taken_at: {"noticed_at": taken_at + 300, "noticed_by": "notify"},
    lambda _taken_at: {"not_noticed": "no notifier is installed"},
)


@dataclass(kw_only=True)
class Draft:
    """One entry to be; a test may change it before the chain is signed."""

    kind: type[kinds.Entry]
    at: int
    values: dict[str, Any] = field(default_factory=dict)
    openings: dict[str, Any] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)  #: the openings that are still there


class Device:
    """One device's key and drafts; a draft's index is its seq."""

    def __init__(self, name: str) -> None:
        self.seed = hashlib.sha256(name.encode()).digest()
        self.key = Ed25519PrivateKey.from_private_bytes(self.seed)
        public = self.key.public_key().public_bytes_raw()
        self.name = hashlib.sha256(public).hexdigest()[:16]
        self.drafts: list[Draft] = []
        self.public = public.hex()

    def add(self, kind: type[kinds.Entry], at: int, openings: dict[str, Any] | None = None, **values: Any) -> int:
        """Append a draft and return its seq."""
        opened = openings or {}
        self.drafts.append(Draft(kind=kind, at=at, values=values, openings=opened, kept=set(opened)))
        return len(self.drafts) - 1

    def sign(self, body: bytes) -> bytes:
        """Sign a body as the journal does."""
        return self.key.sign(kinds.pae(body))

    def seal(self) -> tuple[list[SignedEntry], dict[tuple[int, str], tuple[bytes, bytes]]]:
        """Return the signed chain and its openings, from the drafts as they are now."""
        chain: list[SignedEntry] = []
        openings: dict[tuple[int, str], tuple[bytes, bytes]] = {}
        prev = kinds.FIRST_PREV
        for seq, draft in enumerate(self.drafts):
            values = {
                "device": self.name,
                "contract": CONTRACT,
                "seq": seq,
                "prev": prev,
                "at": draft.at,
                **draft.values,
            }
            commits = {}
            for name, value in draft.openings.items():
                salt = hashlib.sha256(b"%s %d %s" % (self.seed, seq, name.encode())).digest()
                pair = (salt, kinds.canonical(value))
                commits[name] = kinds.commitment(name, *pair)
                if name in draft.kept:
                    openings[seq, name] = pair
            if "commits" in draft.kind.__struct_fields__:
                values.setdefault("commits", commits)
            body = kinds.canonical({"kind": draft.kind.__struct_config__.tag, "v": 1, **values})
            chain.append(SignedEntry(body=body, signature=self.sign(body)))
            prev = kinds.digest(body)
        return chain, openings


@dataclass(kw_only=True)
class HonestWeek:
    """Devices that tracked one contract's week."""

    number: int
    devices: list[Device]

    def parts(self) -> list[ChainPart]:
        """Return each device's part of the week."""
        found = []
        for device in self.devices:
            chain, openings = device.seal()
            whole = ChainPart(key=chain[0], openings=openings)
            found.append(part_of(chain[0], chain[1:], whole, self.number))
        return [part for part in found if part is not None]

    def bundle(self) -> bytes:
        """Return the export, signed by the first device."""
        at = slot_start_ms(week_slots(self.number).stop)
        return export_bytes(self.parts(), number=self.number, rules=RULES, at_ms=at, sign=self.devices[0].sign)

    def copy(self) -> HonestWeek:
        """Return a copy whose drafts may be changed."""
        twin = copy.copy(self)
        twin.devices = [copy.copy(device) for device in self.devices]
        for device in twin.devices:
            device.drafts = copy.deepcopy(device.drafts)
        return twin


def make_week(seed: int, *, number: int = 2959, slots_per_device: int = 24) -> HonestWeek:
    """Return a week with pauses, gaps, clock steps, edits, deletions, manual time and at times two devices."""
    rng = random.Random(seed)
    devices = [Device(f"{seed}/{index}") for index in range(rng.choice((1, 1, 2)))]
    week = week_slots(number)
    slots = sorted(rng.sample(range(week.start + 1, week.stop - 8), slots_per_device))
    terms = Terms(
        title="Acme",
        rate=rng.randrange(1000, 20_000),
        currency="EUR",
        manual=True,
        weekly_limit=rng.choice((None, 9_000)),
        billing=rng.choice(("real-time", "whole-segment")),
        idle_minutes=rng.choice((0, 10)),
        idle=rng.choice(("keep", "discard")),
    )
    for device in devices:
        at = slot_start_ms(week.start) - rng.randrange(1, 10) * 86_400_000
        device.add(kinds.Key, at, public=device.public, recipient="age1test")
        device.add(kinds.Terms, at + 1, terms=terms.to_entry())
        device.add(kinds.Session, at + 2, session="old", action="start", reason="")
        _track(device, slots, terms, rng)
        _say_more(device, week, slots, rng)
    return HonestWeek(number=number, devices=devices)


def _track(device: Device, slots: list[int], terms: Terms, rng: random.Random) -> None:
    known = set()
    for slot in slots:
        date = day_of(slot).isoformat()
        start, secret = slot_start_ms(slot), day_secret(device.seed, CONTRACT, date)
        session = f"s{slot}"
        device.add(kinds.Session, start, session=session, action="start", reason="")
        if date not in known:
            known.add(date)
            device.add(kinds.Day, start, date=date, commit=commit_day(secret))
        intervals = _intervals(rng)
        if len(intervals) > 1:
            left, right = start + intervals[0][1], start + intervals[1][0]
            reason = rng.choice(("paused", "asleep", "locked", "idle, discarded by the freelancer"))
            device.add(kinds.Gap, right, session=session, start=left, end=right, elapsed=right - left, reason=reason)
        if _chance(rng, 5):
            device.add(kinds.Clock, start, before=start + 1000, after=start + 61_000)
        drawn = [(first, moment(secret, slot, first)) for first in (-(-begin // 1000) for begin, _ in intervals)]
        device.add(
            kinds.Segment,
            start + SLOT_MS + 50,
            _openings(rng, start + drawn[0][1] * 1000 + 400),
            session=session,
            slot=slot,
            intervals=intervals,
            moments=[{"start": first, "at": at} for first, at in drawn],
        )
        if _chance(rng, 20):
            changed = Terms(**{**terms.to_entry(), "rate": rng.randrange(1000, 20_000)})  # type: ignore[arg-type]  # as it was
            device.add(kinds.Terms, start + SLOT_MS + 60, terms=changed.to_entry())
    for date in sorted(known):
        secret = day_secret(device.seed, CONTRACT, date)
        device.add(kinds.Reveal, slot_start_ms(slots[-1] + 1) + 100, date=date, secret=secret.hex())


def _chance(rng: random.Random, percent: int) -> bool:
    return rng.randrange(100) < percent


def _intervals(rng: random.Random) -> list[tuple[int, int]]:
    begin = rng.choice((0, rng.randrange(1, 400_000)))
    if _chance(rng, 70):
        return [(begin, rng.randrange(begin + 1000, SLOT_MS + 1))]
    stop = begin + rng.randrange(1, 50_000)
    again = stop + rng.randrange(2_000, 100_000)
    return [(begin, stop), (again, again + rng.randrange(1, 20_000))]


def _openings(rng: random.Random, taken_at: int) -> dict[str, Any]:
    unknown = {"keys": "no right to read input devices"} if _chance(rng, 20) else {}
    row = [None if unknown else rng.randrange(90), rng.randrange(20), rng.randrange(9), rng.randrange(61)]
    image = {
        "sha256": rng.randbytes(32).hex(),
        "width": 1600,
        "height": 900,
        "bytes": 40_000,
        "media_type": "image/webp",
        "taken_at": taken_at,
        "cause": "derived",
        **rng.choice(NOTICES)(taken_at),
    }
    shot = {"taken_at": taken_at, "cause": "derived", "images": [image]}
    return {
        "window": rng.choice(({"app": "editor", "title": "naïve ☃"}, {"unknown": "no window"})),
        "counts": {"minutes": [row] * 10, "unknown": unknown, "sources": {"clicks": [("x11", 0, 600_000)]}},
        "memo": rng.choice(("", "Write the parser")),
        "snapshot": shot if _chance(rng, 80) else {"missing": "the screen was locked"},
    }


def _say_more(device: Device, week: range, slots: list[int], rng: random.Random) -> None:
    """Edit, delete, remove images, add manual time, all before the lock; retention comes after it."""
    at = slot_start_ms(week.stop) + 1000
    segments = [seq for seq, draft in enumerate(device.drafts) if draft.kind is kinds.Segment]
    edited, gone, bare, old = (rng.sample(segments, 2) for _ in range(4))
    device.add(kinds.Edit, at, {"memo": "Mend the parser"}, of=edited)
    free = sorted(set(range(week.start, week.stop)) - set(slots))
    for slot in rng.sample(free, 2):
        device.add(kinds.Manual, at, {"memo": "On the phone"}, slot=slot)
    if _chance(rng, 70):
        device.add(kinds.Tombstone, at + 1, of=gone, fields=["*"], why="owner")
        erase(device, gone, None)
    if _chance(rng, 70):
        device.add(kinds.Tombstone, at + 2, of=bare, fields=["snapshot"], why="owner")
        erase(device, bare, {"snapshot"})
    if _chance(rng, 30):
        device.add(kinds.Tombstone, at + RETENTION_MS, of=old, fields=["snapshot"], why="retention")
        erase(device, old, {"snapshot"})


def erase(device: Device, seqs: list[int], fields: set[str] | None) -> None:
    """Forget openings as the journal does: all of them (None), or some; an edit's when all it edits are gone."""
    for seq in seqs:
        device.drafts[seq].kept -= device.drafts[seq].kept if fields is None else fields
    for draft in device.drafts:
        if draft.kind is kinds.Edit and all(not device.drafts[seq].kept for seq in draft.values["of"]):
            draft.kept = set()


__all__ = ["CONTRACT", "Device", "Draft", "HonestWeek", "erase", "make_week"]
