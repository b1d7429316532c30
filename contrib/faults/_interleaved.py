"""A diary for many hands, and what must hold when they have all been answered."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING, Self

from _common import CONTRACT, check_chains
from _faces import environment

from workdiary.builtin.rules import RULES
from workdiary.desk.desk import open_keys
from workdiary.desk.proofs import chain_part
from workdiary.desk.reader import Reader
from workdiary.diary.terms import Terms
from workdiary.journal import entry as entries
from workdiary.journal import schema
from workdiary.journal.store import Draft, Journal
from workdiary.link import client
from workdiary.proof.export import export_bytes
from workdiary.proof.verify import verify
from workdiary.record.days import Days
from workdiary.slots import slot_of, slot_start_ms, week_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary.paths import Home

OTHER = "other"
SLOTS = 12


class Diary:
    """A home with two contracts, the last twelve full slots of the present: every other one is tracked."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.keys = open_keys(home)
        now = slot_of(time.time_ns() // 1_000_000)
        self.first = now - SLOTS
        self.free_slots = list(range(self.first + 1, now, 2))
        self.segments: list[str] = []
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        days = Days(self.keys.seed, CONTRACT, (), ())
        terms = Terms(title="Acme", rate=5000, currency="EUR", manual=True).to_entry()
        with closing(Journal(self.home.journal, self.keys)) as journal:
            for name in (CONTRACT, OTHER):
                draft = Draft(contract=name, type=entries.Terms, values={"terms": terms})
                journal.append([draft], at_ms=slot_start_ms(self.first - 1))
            for slot in range(self.first, self.first + SLOTS, 2):
                drafts = [*days.commit(slot), _segment(slot, days)]
                sealed = journal.append(drafts, at_ms=slot_start_ms(slot + 1))
                self.segments.append(f"{self.keys.device[:4]}-{CONTRACT}-{sealed[-1].seq}")
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def track(self) -> None:
        """Start a tracker, in the foreground of a process that we can end."""
        command = [sys.executable, "-m", "workdiary", "run", CONTRACT, "--quiet"]
        self._child = subprocess.Popen(
            command, env=environment(self.home), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                client.call(self.home.socket, "status")
            except client.NotRunningError:
                time.sleep(0.02)
            else:
                return
        raise SystemExit("the tracker did not start")

    def stop(self) -> None:
        """End the tracker if nobody did."""
        if self._child is not None:
            self._child.terminate()
            self._child.wait(20)

    def trouble(self) -> str:
        """Return what the tracker complained of."""
        found = self._child.stderr.read().decode() if self._child is not None and self._child.stderr else ""
        return found if "Traceback" in found else ""


def _segment(slot: int, days: Days) -> Draft:
    return Draft(
        contract=CONTRACT,
        type=entries.Segment,
        values={
            "session": "s1",
            "slot": slot,
            "intervals": [(0, 600_000)],
            "moments": [entries.Moment(start=0, at=days.moment(slot, 0))],
        },
        openings={
            "window": {"app": "editor", "title": f"title {slot}"},
            "counts": {"minutes": [[9, 2, 1, 60]] * 10, "unknown": {}, "sources": {}},
            "memo": "before",
            "snapshot": {"missing": "none"},
        },
    )


def check(diary: Diary, jobs: Sequence, answers: Sequence) -> list[str]:
    """Return what does not hold."""
    broken = [
        f"{job.command} by face {job.face}: {one.text}"
        for job, one in zip(jobs, answers, strict=True)
        if one.kind == "bad"
    ]
    if trouble := diary.trouble():
        broken.append(f"the tracker: {trouble.splitlines()[-1]}")
    confirmed = [job for job, one in zip(jobs, answers, strict=True) if one.kind == "yes"]
    with closing(schema.connect_readonly(diary.home.journal)) as connection:
        broken += check_chains(connection, {}, diary.keys.public)
        reader = Reader(connection, RULES)
        weeks = sorted({week_of(slot) for slot in range(diary.first, diary.first + SLOTS + 1)})
        found = {one.id: one for week in weeks for one in reader.week(CONTRACT, week).segments}
        broken += _deletions(diary, confirmed, found)
        broken += _memos(diary, confirmed, found)
        broken += _manual(confirmed, found.values())
        broken += _proof(diary, reader, weeks)
    return broken


def _deletions(diary: Diary, confirmed: Sequence, found: dict) -> list[str]:
    gone = {name for job in confirmed if job.command == "delete" for name in job.arguments[0]}
    broken = [f"{name} was deleted, and is there" for name in sorted(gone) if not found[name].deleted]
    return broken + [
        f"{name} is gone, and nobody asked" for name in diary.segments if found[name].deleted and name not in gone
    ]


def _memos(diary: Diary, confirmed: Sequence, found: dict) -> list[str]:
    wanted = defaultdict(set)
    for job in confirmed:
        if job.command == "edit":
            for name in job.arguments[0]:
                wanted[name].add(job.arguments[1])
    return [
        f"{name} has the memo {found[name].memo!r}, asked for were {sorted(wanted[name])}"
        for name in diary.segments
        if not found[name].deleted and found[name].memo not in (wanted[name] or {"before"})
    ]


def _manual(confirmed: Sequence, segments) -> list[str]:
    wanted = [
        slot
        for job in confirmed
        if job.command == "manual"
        for slot in range(job.arguments[0], job.arguments[0] + job.arguments[1])
    ]
    there = [one.slot for one in segments if one.source == "manual"]
    if sorted(wanted) != sorted(there):
        return [f"manual time confirmed for {sorted(wanted)}, there is {sorted(there)}"]
    tracked = {one.slot for one in segments if one.source == "tracked" and not one.deleted}
    return [f"slot {slot} is logged twice" for slot in there if there.count(slot) > 1 or slot in tracked]


def _proof(diary: Diary, reader: Reader, weeks: Sequence[int]) -> list[str]:
    broken = []
    for week in weeks:
        if reader.rows(CONTRACT, week):
            part = chain_part(reader, diary.home.blobs, contract=CONTRACT, number=week, images=False)
            now = time.time_ns() // 1_000_000
            report = verify(export_bytes([part], number=week, rules=RULES, at_ms=now, sign=diary.keys.sign), RULES)
            broken += [] if report.exit_code == 0 else [f"verify: {report.to_text()}"]
    return broken
