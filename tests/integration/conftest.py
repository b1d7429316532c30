"""A real desktop and a real command line for every test in this folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from workdiary.testing.desktop import VirtualDesktop

POLICY = """
from workdiary import hookimpl
@hookimpl
def workdiary_plan_moments(slot):
    return [min(599, slot.from_offset + 2)]
"""


@dataclass
class Cli:
    """The command ``workdiary`` with a home of its own."""

    home: Path
    env: dict[str, str]
    children: list[subprocess.Popen[str]] = field(default_factory=list)

    def __call__(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "workdiary", *arguments],
            env=self.env, capture_output=True, text=True, timeout=60, check=False, input="",
        )  # fmt: skip
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout if code == 0 else done.stdout + done.stderr

    def json(self, *arguments: str, code: int = 0):
        return json.loads(self(*arguments, "--json", code=code))

    def run(self, *arguments: str) -> subprocess.Popen[str]:
        """Track in the foreground of a process of its own; return when it answers."""
        child = subprocess.Popen(
            [sys.executable, "-m", "workdiary", "run", "--quiet", *arguments],
            env=self.env, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.children.append(child)
        self.wait_for(lambda: child.poll() is not None or f'"pid": {child.pid},' in self.try_status())
        return child

    def try_status(self) -> str:
        """Return the status as JSON text, or whatever was said instead."""
        command = [sys.executable, "-m", "workdiary", "status", "--json"]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=60, check=False).stdout

    def wait_for(self, ready, seconds: float = 20.0):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = ready()
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError("it did not come to pass in time")

    def close(self) -> None:
        for child in self.children:
            if child.poll() is None:
                child.terminate()
            child.communicate(timeout=20)
        subprocess.run(
            [sys.executable, "-m", "workdiary", "stop"], env=self.env, capture_output=True, timeout=60, check=False
        )


@pytest.fixture
def soon(tmp_path) -> str:
    """Where Python finds a policy that adds a moment two seconds after tracking starts."""
    info = tmp_path / "site" / "soon-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: soon\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[workdiary]\nsoon = soon\n")
    (info.parent / "soon.py").write_text(POLICY)
    return str(info.parent)


@pytest.fixture
def make_cli(tmp_path):
    made = []

    def make(env: dict[str, str] | None = None, name: str = "home") -> Cli:
        base = {**os.environ, "DISPLAY": "", "WAYLAND_DISPLAY": "", "XAUTHORITY": ""}
        home = tmp_path / name
        made.append(Cli(home, {**base, **(env or {}), "WORKDIARY_HOME": str(home)}))
        return made[-1]

    yield make
    for cli in made:
        cli.close()


@pytest.fixture
def desktop():
    with VirtualDesktop(1280, 800) as found:
        yield found


@pytest.fixture
def cli(desktop, make_cli):
    """A command line inside the virtual desktop, with an hourly contract ``acme``."""
    found = make_cli(desktop.env())
    found("contract", "add", "acme", "--rate", "60", "--currency", "EUR", "--manual")
    return found
