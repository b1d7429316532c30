"""What the time rules say of one chain: intervals, manual time, committed days, derived moments."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from workdiary.intervals import are_well_formed, cover
from workdiary.journal import entry as kinds
from workdiary.record.moments import commit_day, moment
from workdiary.slots import SLOT_MS, SLOT_SECONDS, SLOTS_PER_WEEK, day_of, slot_of, slot_start_ms

if TYPE_CHECKING:
    from workdiary.diary.model import Log, Segment
    from workdiary.proof.links import Links
    from workdiary.proof.report import Report

#: The recorder's clock may run ahead of the wall clock by so much without a ``clock`` entry.
SLACK_MS = 2_000
#: A capture that falls due in a slot's last second begins, in a process of its own, within the next seconds.
CAPTURE_MS = 10_000
#: ``start`` is a whole second at the beginning of an interval.
SECOND_MS = 1_000


def check_times(chain: Links, report: Report) -> None:
    """Check every slot of the chain, whichever week it belongs to."""
    moved = _moved_slots(chain)
    seen: dict[int, list[tuple[int, int]]] = defaultdict(list)
    deleted = _deleted(chain)
    tracked = _tracked(chain)
    for seq, one in chain.entries.items():
        if isinstance(one, kinds.Manual):
            if one.slot not in moved and one.at < slot_start_ms(one.slot + 1):
                report.contradiction(chain.name(seq), "it adds manual time that lay in the future")
            if any(other < seq < deleted[other] for other in tracked[one.slot]):
                report.contradiction(chain.name(seq), "it adds manual time where time was tracked")
        elif isinstance(one, kinds.Segment):
            if not are_well_formed(one.intervals, SLOT_MS) or one.slot < 0:
                report.contradiction(chain.name(seq), "its intervals overlap, are not in order or leave the slot")
            elif cover(seen[one.slot], one.intervals):
                report.contradiction(chain.name(seq), "another entry of the device has counted the same time")
            elif one.slot not in moved and slot_start_ms(one.slot) + one.intervals[-1][1] > one.at + SLACK_MS:
                report.contradiction(chain.name(seq), "it ends after it was written")


def check_moments(chain: Links, log: Log, report: Report) -> None:
    """Derive the moments anew where the day's secret is revealed, and hold the snapshots against them."""
    committed: dict[str, kinds.Day] = {}
    secrets = _secrets(chain, report)
    unrevealed = set()
    moved = _moved_slots(chain)
    revealed = set()
    taken = {segment.seq: segment for segment in log.segments if segment.device == chain.device}
    for seq, one in chain.entries.items():
        if isinstance(one, kinds.Day):
            if one.date in committed:
                report.contradiction(chain.name(seq), f"the secret of {one.date} was committed to twice")
            committed[one.date] = one
        elif isinstance(one, kinds.Reveal):
            revealed.add(one.date)
        elif isinstance(one, kinds.Segment):
            date = day_of(one.slot).isoformat()
            _check_committed(chain, one, date in committed, date in revealed, report)
            if date in committed and date in secrets:
                _check_derived(chain, one, secrets[date], report)
            elif date in committed:
                unrevealed.add(date)
            if one.slot not in moved:
                _check_taken(chain, one, taken[seq], report)
    for date in sorted(unrevealed):
        report.remark(chain.device, f"the secret of {date} is not revealed yet: its moments cannot be derived here")


def _check_committed(chain: Links, one: kinds.Segment, known: bool, told: bool, report: Report) -> None:  # noqa: FBT001  # two facts about its day
    """The day's secret comes before the segment as a commitment, and behind it in the open."""
    date = day_of(one.slot).isoformat()
    if not known:
        note = report.contradiction if chain.first == 1 else report.incomplete
        note(chain.name(one.seq), f"no secret of {date} was committed to before it")
    if told:  # honest where a clock went back by a day
        report.remark(chain.name(one.seq), f"the secret of {date} was revealed before it: its moment could be known")


def _secrets(chain: Links, report: Report) -> dict[str, bytes]:
    commits = {one.date: one.commit for one in chain.entries.values() if isinstance(one, kinds.Day)}
    secrets = {}
    for seq, one in chain.entries.items():
        if isinstance(one, kinds.Reveal) and one.date in commits:
            try:
                secrets[one.date] = bytes.fromhex(one.secret)
            except ValueError:
                secrets[one.date] = b""
            if commit_day(secrets[one.date]) != commits[one.date]:
                report.contradiction(chain.name(seq), f"the secret of {one.date} is not the one that was committed to")
    return secrets


def _check_derived(chain: Links, one: kinds.Segment, secret: bytes, report: Report) -> None:
    for drawn in one.moments:
        if not 0 <= drawn.start < SLOT_SECONDS or drawn.at != moment(secret, one.slot, drawn.start):
            report.contradiction(chain.name(one.seq), f"its moment at second {drawn.at} was not derived")


def _check_taken(chain: Links, one: kinds.Segment, segment: Segment, report: Report) -> None:
    """A derived snapshot comes after a moment whose start is the beginning of tracked time."""
    shot = segment.snapshot
    if shot is None:
        return
    offset = shot.taken_at - slot_start_ms(one.slot)
    if not -SLACK_MS <= offset < SLOT_MS + CAPTURE_MS:
        report.contradiction(chain.name(one.seq), "its snapshot was not taken in its slot")
    if shot.cause == "policy":
        report.remark(chain.name(one.seq), "its snapshot was asked for by a policy: its moment was not derived")
    elif shot.cause != "derived":
        report.contradiction(chain.name(one.seq), f'its snapshot has the unknown cause "{shot.cause}"')
    if shot.cause != "derived":
        return
    begun = [start for start, _ in one.intervals]
    anchored = [
        drawn.at for drawn in one.moments if any(abs(drawn.start * SECOND_MS - start) <= SECOND_MS for start in begun)
    ]
    if not anchored:
        report.contradiction(chain.name(one.seq), "its snapshot has no moment that belongs to tracked time")
    elif offset < min(anchored) * SECOND_MS - SLACK_MS:
        report.contradiction(chain.name(one.seq), "its snapshot was taken before its moment")


def _tracked(chain: Links) -> dict[int, list[int]]:
    """Return the segments of each slot."""
    found: dict[int, list[int]] = defaultdict(list)
    for one in chain.entries.values():
        if isinstance(one, kinds.Segment):
            found[one.slot].append(one.seq)
    return found


def _deleted(chain: Links) -> dict[int, int]:
    """Return the first tombstone of each entry whose time was taken away; a missing one counts as never."""
    found: dict[int, int] = defaultdict(lambda: 1 << 62)
    for one in chain.entries.values():
        if isinstance(one, kinds.Tombstone) and "*" in one.fields:
            for seq in one.of:
                found[seq] = min(found[seq], one.seq)
    return found


def _moved_slots(chain: Links) -> set[int]:
    """Return the slots in which the wall clock was moved: there it says nothing about the order of things."""
    moved = set()
    for one in chain.entries.values():
        if isinstance(one, kinds.Clock):
            first, last = sorted((slot_of(one.before), slot_of(one.after)))
            moved |= {*range(first, last + 1)[:SLOTS_PER_WEEK], last}
    return moved
