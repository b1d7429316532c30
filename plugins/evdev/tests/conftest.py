from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # what these tests share

import inputbed

import workdiary_evdev
from workdiary.context import PluginContext
from workdiary.payloads import Tick
from workdiary_evdev.stream import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workdiary.payloads import InputCounts, Unknown


@dataclass(frozen=True)
class Line:
    """One line of the counter."""

    run: str
    totals: tuple[int, int, int]
    state: str


class Counter:
    """The program itself, as the helper's unit runs it, and the socket that it talks to."""

    def __init__(self, environment: dict[str, str], program: Path, user: int, *prefix: str) -> None:
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(5)
        with theirs:
            command = [*prefix, sys.executable, "-IS", str(program), str(user)]
            self.process = subprocess.Popen(command, stdin=theirs, env=environment, stderr=subprocess.PIPE)
        self._rest = b""

    def line(self) -> Line:
        while b"\n" not in self._rest:
            chunk = self.socket.recv(4096)
            assert chunk, self.process.stderr.read()
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        run, *totals, state = line.decode().split()
        return Line(run, tuple(map(int, totals)), state)

    def until(self, condition: Callable[[Line], bool]) -> Line:
        while True:
            line = self.line()
            if condition(line):
                return line

    def is_silent(self, seconds: float) -> bool:
        self.socket.settimeout(seconds)
        try:
            return self.line() is None
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(5)

    def close(self) -> int:
        self.socket.close()
        self.process.stderr.close()
        return self.process.wait(timeout=5)


@dataclass
class Hooks:
    """The plugin as core calls it, and how often it asked to be called."""

    wakes: list[float]

    def counts(self) -> InputCounts | Unknown:
        return workdiary_evdev.workdiary_count_input(Tick(wall_ms=0, mono_ms=0, slot=0))

    def until(self, condition: Callable[[InputCounts | Unknown], bool], seconds: float = 10.0) -> InputCounts | Unknown:
        end = time.monotonic() + seconds
        while not condition(self.counts()):
            assert time.monotonic() < end, f"it did not come: {self.counts()}"
            time.sleep(0.005)
        return self.counts()


@pytest.fixture
def testbed(tmp_path) -> Iterator[inputbed.Testbed]:
    testbed = inputbed.Testbed(tmp_path)
    yield testbed
    testbed.close()


@pytest.fixture
def on_testbed(testbed, monkeypatch) -> None:
    """Lead processes that are started here to the testbed's inputbed."""
    for name, value in testbed.environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def keyboard(testbed) -> inputbed.Device:
    return testbed.plug(inputbed.KEYBOARD)


@pytest.fixture
def mouse(testbed) -> inputbed.Device:
    return testbed.plug(inputbed.MOUSE)


@pytest.fixture
def run_counter(testbed) -> Iterator[Callable[..., Counter]]:
    running: list[Counter] = []

    def run(*prefix: str, program: Path = PROGRAM, user: int = os.getuid()) -> Counter:
        running.append(Counter(os.environ | testbed.environment(), program, user, *prefix))
        return running[-1]

    yield run
    for counter in running:
        counter.close()


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[[], Hooks]]:
    def start_plugin() -> Hooks:
        wakes: list[float] = []
        context = PluginContext(
            name="evdev",
            config=None,
            log=logging.getLogger("test"),
            state_directory=tmp_path,
            wake=lambda: wakes.append(time.monotonic()),
        )
        workdiary_evdev.workdiary_start(context)
        return Hooks(wakes)

    yield start_plugin
    workdiary_evdev.workdiary_stop()
