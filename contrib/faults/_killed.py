"""A tracker, a network and a server as processes that are killed, and an oracle that remembers what was answered."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Self

from workdiary.errors import WorkdiaryError
from workdiary.journal import entry as kinds
from workdiary.journal import read, schema
from workdiary.link import client
from workdiary.paths import Home
from workdiary.slots import SLOT_MS
from workdiary.testing.desktop import VirtualDesktop
from workdiary.testing.peer import Store

if TYPE_CHECKING:
    import random
    from pathlib import Path

CONTRACT, TOKEN = "acme", "a token for tests"
DRAIN_S = 120
PAUSE_S = 0.1  #: between two changes, at most
LIVES = {"tracker": (0.3, 6.0), "proxy": (1.0, 12.0), "peer": (1.0, 12.0)}  #: seconds from a start to the kill
PEER = """
import sys, time
from pathlib import Path
from workdiary.testing.peer import Peer
with Peer(Path(sys.argv[1]), port=int(sys.argv[2])):
    time.sleep(1e6)
"""
PROXY = """
import random, sys, time
from workdiary.testing.proxy import Fault, FaultProxy
rng, share = random.Random(), float(sys.argv[3])
bad = [one for one in Fault if one is not Fault.NONE]
choose = lambda: rng.choice(bad) if rng.random() < share else Fault.NONE
with FaultProxy(int(sys.argv[2]), choose, port=int(sys.argv[1])):
    time.sleep(1e6)
"""


class World:
    """The three processes, each of which is killed when its time has come and started again at once."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.rng, self.folder, self.faults = rng, folder, 0.2
        self.home = Home.find({"WORKDIARY_HOME": str(folder / "home")})
        self.peer_folder = folder / "peer"
        self.kills: Counter[str] = Counter()
        self._running: dict[str, tuple[subprocess.Popen[bytes], float]] = {}

    def __enter__(self) -> Self:
        self._desktop = VirtualDesktop(640, 480)
        self._desktop.__enter__()
        self._env = {**self._desktop.env(), "WORKDIARY_HOME": str(self.folder / "home")}
        self._ports = [free_port(), free_port()]
        self.home.prepare()
        self.peer_folder.mkdir()
        token = self.folder / "token"
        token.touch(mode=0o600)
        token.write_text(TOKEN)
        self.home.config_file.write_text(
            f'[plugins.http]\nurl = "http://127.0.0.1:{self._ports[0]}/"\ntoken_file = "{token}"\n'
            "[snapshot]\nreview_seconds = 0\n"
        )
        self.command("contract", "add", CONTRACT, "--rate", "50", "--currency", "EUR", "--manual")
        return self

    def __exit__(self, *_: object) -> None:
        for process, _ in self._running.values():
            process.kill()
            process.wait()
        self._desktop.__exit__(None, None, None)

    def command(self, *words: str) -> str:
        """Run the command line."""
        done = subprocess.run(
            [sys.executable, "-m", "workdiary", *words], env=self._env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def turn(self, *, kill: bool = True) -> None:
        """Kill what has lived long enough, and start what does not live."""
        for name, bounds in LIVES.items():
            process, until = self._running.get(name, (None, 0.0))
            if process and kill and time.monotonic() > until:
                process.kill()
                self.kills[name] += 1
            if process is None or process.poll() is not None or (kill and time.monotonic() > until):
                if process:
                    process.wait()
                self._running[name] = (self._start(name), time.monotonic() + self.rng.uniform(*bounds))

    def calm(self) -> None:
        """Have no more faults: the network is replaced by one that has none."""
        self.faults = 0.0
        self._running.pop("proxy")[0].kill()
        self.turn(kill=False)

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        way, server = map(str, self._ports)
        words = {
            "tracker": ["-m", "workdiary.tracker", CONTRACT],
            "proxy": ["-c", PROXY, way, server, str(self.faults)],
            "peer": ["-c", PEER, str(self.peer_folder), server],
        }[name]
        quiet = subprocess.DEVNULL
        return subprocess.Popen([sys.executable, *words], env=self._env, stdin=quiet, stdout=quiet, stderr=quiet)


class Oracle:
    """Works, remembers what was answered for, and looks for it."""

    def __init__(self, world: World, *, eager: bool) -> None:
        self._world, self._eager = world, eager
        self._asked = 0
        self.answered: set[str] = set()
        self.missing: list[str] = []
        self.broken: list[str] = []
        self.figures = ""

    @property
    def good(self) -> bool:
        """Whether all is as promised."""
        return not self.missing and not self.broken

    def work(self, seconds: float) -> None:
        """Ask for one change after another, while they live and die."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._world.turn()
            self._ask()
            time.sleep(self._world.rng.uniform(0, PAUSE_S))
        self._world.calm()

    def _ask(self) -> None:
        self._asked += 1
        mark = f"change {self._asked}."
        if self._eager:
            self.answered.add(mark)
        change = {"name": "contract_edit", "arguments": {"contract": CONTRACT, "terms": {"title": mark}}}
        if self._asked % 10 == 0:
            start = (time.time_ns() // 1_000_000 // SLOT_MS - 1 - self._asked // 10) * SLOT_MS
            values = {"contract": CONTRACT, "start_ms": start, "slots": 1, "memo": mark}
            change = {"name": "manual_add", "arguments": values}
        try:
            client.call(self._world.home.socket, "change", **change)
        except WorkdiaryError:
            time.sleep(0.02)
        else:
            self.answered.add(mark)

    def judge(self) -> None:
        """Wait until all is delivered, and compare what is here, what is there and what was answered."""
        took = self._drain()
        self._world.command("stop")
        rows = self._rows()
        self._compare(rows)
        marks = Counter(mark for row in rows if (mark := mark_of(row)))
        self.missing = sorted(self.answered - set(marks))
        self.broken += [f"{mark} is there {times} times" for mark, times in marks.items() if times > 1]
        self._sums(sum(isinstance(row.entry, kinds.Manual) for row in rows))
        kills = ", ".join(f"{name} {times}" for name, times in sorted(self._world.kills.items()))
        work = f"{self._asked} changes asked for, {len(self.answered)} answered, {len(rows)} entries"
        self.figures = f"kills: {kills}\n{work}, all delivered {took:.1f} s after the faults"

    def _compare(self, rows: list[read.Row]) -> None:
        """Compare what is here with what is at the server, byte for byte."""
        store = Store(self._world.peer_folder / "peer.sqlite")
        there = {(chain, *row) for chain in store.heads() for row in store.rows(chain)}
        here = {(f"{row.entry.device}/{row.entry.contract}", row.entry.seq, row.body, row.signature) for row in rows}
        values = sum(not self._same(store, row, name) for row in rows for name in row.openings)
        store.close()
        if here != there:
            self.broken.append(f"{len(here - there)} entries are not at the server, {len(there - here)} only there")
        if values:
            self.broken.append(f"{values} values are not at the server")

    def text(self) -> str:
        """Return the figures."""
        lines = [self.figures, f"answered and missing: {len(self.missing)}", *self.broken]
        return "\n".join([*lines, "all as promised" if self.good else "NOT as promised"])

    def _drain(self) -> float:
        began = time.monotonic()
        while time.monotonic() - began < DRAIN_S:
            self._world.turn(kill=False)
            with contextlib.suppress(WorkdiaryError):
                found = client.call(self._world.home.socket, "queue")
                if found and not any(one["pending"] for one in found):
                    return time.monotonic() - began
            time.sleep(0.1)
        self.broken.append(f"not everything was delivered within {DRAIN_S} s")
        return time.monotonic() - began

    def _rows(self) -> list[read.Row]:
        with contextlib.closing(schema.connect_readonly(self._world.home.journal)) as connection:
            return read.after(connection, 0, 1 << 30)

    @staticmethod
    def _same(store: Store, row: read.Row, name: str) -> bool:
        chain = f"{row.entry.device}/{row.entry.contract}"
        return store.openings(chain, row.entry.seq).get(name) == row.openings[name]

    def _sums(self, manual: int) -> None:
        """Compare the week's sum with what the entries say, and have the export checked."""
        out = self._world.folder / "week.zip"
        self._world.command("export", "--out", str(out))
        self._world.command("verify", str(out))
        week = json.loads(self._world.command("week", "--json"))
        told = sum(one["statement"]["manual_seconds"] for one in week["contracts"])
        if told != manual * 600:
            self.broken.append(f"{told} s of manual time are billed, and {manual} slots were entered")


def mark_of(row: read.Row) -> str:
    """Return the mark that an entry carries, "" if none."""
    if isinstance(row.entry, kinds.Terms):
        title = row.entry.terms["title"]
        return title if title.startswith("change ") else ""
    if isinstance(row.entry, kinds.Manual):
        return str(kinds.parse(row.openings["memo"][1]))
    return ""


def free_port() -> int:
    """Return a port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
