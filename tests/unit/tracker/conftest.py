"""A tracker with a real journal, whose clock, sources, snapshots and backends are scripts."""

from __future__ import annotations

import functools
import json
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import msgspec
import pytest

from workdiary.builtin.rules import RULES
from workdiary.clock import Reading
from workdiary.config import Settings
from workdiary.desk import desk, proofs
from workdiary.desk.reader import Reader
from workdiary.journal import entry as kinds
from workdiary.journal import read
from workdiary.journal.keeper import Keeper
from workdiary.journal.keys import from_secret
from workdiary.paths import Home
from workdiary.payloads import Decision, InputCounts, Presence, Shown, Unknown, Verdict
from workdiary.plugins.answer import Answer, Heard, merge
from workdiary.proof.verify import verify
from workdiary.slots import SLOT_MS, slot_of, week_of
from workdiary.snapshot.messages import Image, Result
from workdiary.tracker.discard import discard
from workdiary.tracker.tracker import Tracker

KEYS = from_secret(json.dumps({"seed": "11" * 32, "identity": "none", "recipient": "age1test"}))
MONDAY_10 = 1_790_000_000_000 // SLOT_MS // 1008 * 1008 * SLOT_MS + (4 * 144 + 60) * SLOT_MS


@functools.cache
def second_reader():
    """Load contrib/second-reader, which knows nothing of workdiary."""
    folder = Path(__file__).parents[3] / "contrib/second-reader"
    sys.path.insert(0, str(folder))
    try:
        spec = spec_from_file_location("second_reader_verify", folder / "verify.py")
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
    return module


class Sources:
    """Plugins by script: counts only grow; ``blind`` is why there are none."""

    def __init__(self) -> None:
        self.keys = 0
        self.blind = ""
        self.locked: bool | Unknown = False
        self.denied = ""
        self.extra: tuple[int, ...] = ()
        self.events = []
        self.notices = []
        self.deaf = ""
        self.untouched_since: int | None = None  # monotonic ms; None: somebody is there
        self.unsure = False  # of the idle time

    def idle_ms(self, tick) -> int | Unknown:
        if self.unsure:
            return Unknown(reason="no idle timer")
        return 0 if self.untouched_since is None else tick.mono_ms - self.untouched_since

    def count_input(self, _tick):
        value = InputCounts(since="run", keys=self.keys, clicks=0, scrolls=0)
        return Answer(plugin="meter", value=Unknown(reason=self.blind) if self.blind else value)

    def presence(self, tick):
        value = Presence(since="run", active_ms=0, idle_ms=self.idle_ms(tick), locked=self.locked)
        return merge([Heard(plugin="desk", value=value, reason="")])

    def decide_snapshot(self, _occasion):
        return Decision(verdict=Verdict.DENY if self.denied else Verdict.TAKE, reason=self.denied)

    def plan_moments(self, _slot):
        return self.extra

    def notify(self, notice):
        self.notices.append(notice)
        value = Unknown(reason=self.deaf) if self.deaf else Shown()
        return Answer(plugin="" if self.deaf else "notify", value=value)

    def observe(self, event):
        self.events.append(event)

    def status(self):
        return []


class Pictures:
    """The snapshot process: it ends when told to."""

    def __init__(self, clock) -> None:
        self._clock = clock
        self.request = None
        self.result = None
        self.made = 0

    @property
    def busy(self) -> bool:
        return self.request is not None

    def fileno(self) -> int:
        return -1

    def start(self, request) -> None:
        self.request = request

    def finish(self, missing: str = "") -> None:
        self.made += 1
        image = Image(
            sha256=f"{self.made:064x}", width=1, height=1, bytes=1, media_type="image/webp",
            fingerprint=str(self.made),
        )  # fmt: skip
        missing = missing or self.request.no_image_reason
        self.result = Result(
            taken_at=self._clock().wall, images=() if missing else (image,), missing=missing,
            window=Unknown(reason="scripted"),
        )  # fmt: skip

    def poll(self, _now_ms):
        result, self.result = self.result, None
        if result is not None:
            self.request = None
        return result

    def stop(self) -> None:
        self.request = self.result = None


class Backends:
    names = ()

    def poke(self) -> None:
        pass

    def summary(self):
        return []


class Bench:
    """The tracker's whole world; ``pass_time`` lets it tick as its loop would."""

    def __init__(self, path) -> None:
        self.home = Home.find({"WORKDIARY_HOME": str(path)})
        self.home.prepare()
        self.now = Reading(wall=MONDAY_10, mono=5_000, boot=5_000, boot_id="one")
        self.sources = Sources()
        self.keeper = Keeper(self.home, KEYS)
        self.tracker = self.made()
        for name, terms in (("acme", {"manual": True}), ("other", {})):
            self.change("contract_add", contract=name, terms={"rate": 6000, "currency": "EUR", **terms})

    def made(self) -> Tracker:
        tracker = Tracker(
            self.home, Settings(), self.keeper, self.sources, Backends(), RULES, lambda: self.now
        )  # fmt: skip
        tracker.shots.runner = Pictures(lambda: self.now)
        return tracker

    def discard(self, **which):
        return discard(self.tracker, RULES, **which)

    def change(self, name: str, **arguments):
        done = desk.carry_out(self.keeper, RULES, name, arguments, wall_ms=self.now.wall)
        self.tracker.refresh_terms()
        return done

    def leave(self, ms: int = 0) -> None:
        """Take the hands off keyboard and mouse for *ms*, ticking as the loop does; 0: for good."""
        self.sources.untouched_since = self.now.mono
        if ms:
            self.pass_time(ms)
            self.come_back()

    def come_back(self) -> None:
        """Touch something: the source wakes the tracker."""
        self.sources.untouched_since = None
        self.sources.keys += 1
        self.tracker.hasten()
        self.pass_time(1000)

    def move(self, awake: int = 0, *, asleep: int = 0, stepped: int = 0, boot_id: str = "") -> None:
        """Let the clocks run without a tick."""
        self.now = Reading(
            wall=self.now.wall + awake + asleep + stepped, mono=self.now.mono + awake,
            boot=self.now.boot + awake + asleep, boot_id=boot_id or self.now.boot_id,
        )  # fmt: skip

    def pass_time(self, ms: int, *, pictures: bool = True) -> int:
        """Let time pass as the loop does and return how many ticks there were."""
        end, ticks = self.now.mono + ms, 0
        while self.tracker.next_ms is not None and self.tracker.next_ms <= end:
            self.move(max(0, self.tracker.next_ms - self.now.mono))
            self.tracker.tick()
            ticks += 1
            while pictures and self.pictures.busy:
                self.pictures.finish()
                self.tracker.poll_shots()
        self.move(end - self.now.mono)
        return ticks

    @property
    def pictures(self) -> Pictures:
        return self.tracker.shots.runner

    def kill(self) -> None:
        """End as kill -9 does: nothing more is written."""
        self.tracker.recorder = None
        self.keeper.close()
        self.keeper = Keeper(self.home, KEYS)
        self.tracker = self.made()

    def entries(self, kind=kinds.Entry, contract: str = "acme"):
        rows = read.chain_range(self.keeper.journal.connection, contract, 0, 1 << 40)
        return [row.entry for row in rows if isinstance(row.entry, kind)]

    def week(self, contract: str = "acme"):
        return self.reader.week(contract, week_of(slot_of(self.now.wall)))

    @property
    def reader(self) -> Reader:
        return Reader(self.keeper.journal.connection, RULES)

    def verified(self, contract: str = "acme", number: int | None = None) -> str:
        """Return what the two verifiers have against the week, empty if nothing."""
        number = week_of(slot_of(self.now.wall)) if number is None else number
        out = self.home.data / "week.wdb"
        out.unlink(missing_ok=True)
        proofs.write_bundle(
            self.reader, RULES, KEYS, self.home.blobs, contract=contract, number=number, out=out, images=False
        )  # fmt: skip
        report = verify(out)
        second = second_reader().verify(out.read_bytes())
        found = [report.to_text()] if report.exit_code else []
        found += [f"second reader: {second.findings}"] if second.code else []
        return "\n".join(found)

    def state(self):
        return msgspec.json.decode(self.keeper.journal.saved_state())

    def close(self) -> None:
        self.keeper.close()


@pytest.fixture
def make_bench(tmp_path):
    made = []

    def make() -> Bench:
        made.append(Bench(tmp_path / str(len(made))))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def bench(make_bench) -> Bench:
    return make_bench()
