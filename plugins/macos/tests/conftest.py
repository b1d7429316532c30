"""A macOS by script: the plugin's own calls go into a library that answers as Apple's documentation says."""

from __future__ import annotations

import ctypes
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import workdiary_macos
from workdiary.context import PluginContext
from workdiary_macos import plugin
from workdiary_macos.api import Mac

SOURCE = Path(__file__).with_name("fakemac.c")


@pytest.fixture(scope="session")
def library(tmp_path_factory) -> Path:
    if sys.platform == "darwin" or shutil.which("cc") is None:
        pytest.skip("the fake is for systems that are not macOS, and needs a C compiler")
    made = tmp_path_factory.mktemp("fakemac") / "library.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-w", "-o", str(made), str(SOURCE)], check=True)
    return made


class FakeMac:
    """Say what macOS answers from now on."""

    def __init__(self, library: Path, script: Path) -> None:
        self._script = script
        self._lines: dict[str, list[str]] = {}
        self._counts: dict[int, int] = {}
        self._library = ctypes.CDLL(str(library))
        self._library.fake_alive.restype = ctypes.c_long
        self.say("record", 1).say("idle", 90).say("session", 1, 0).say("display", 1, 0, 0, 1440, 900)
        self.say("secured", 0).count({10: 1000, 12: 200, 1: 300, 3: 20, 25: 3})

    def say(self, word: str, *values: object) -> FakeMac:
        self._lines[word] = [" ".join(map(str, values))] if values else []
        return self._write()

    def count(self, numbers: dict[int, int]) -> FakeMac:
        """Set how many events of a type there were since the window server began."""
        self._counts |= numbers
        self._lines["count"] = [f"{kind} {number}" for kind, number in self._counts.items()]
        return self._write()

    def show(self, *windows: tuple, named: bool = True) -> FakeMac:
        """Show windows, top first, each (number, owner, title) with what else differs: process, layer, place."""
        self._lines["window"] = []
        for number, owner, title, *more in windows:
            process, layer, place = (*more, *(100, 0, (10, 20, 400, 300))[len(more) :])
            place = " ".join(map(str, place))
            self._lines["window"].append(f"{number} {process} {layer} {place} {int(named)} {owner}|{title}")
        return self._write()

    def alive(self) -> int:
        """Return how many objects were not released."""
        return self._library.fake_alive()

    def _write(self) -> FakeMac:
        text = "".join(f"{word} {line}\n" for word, lines in self._lines.items() for line in lines)
        other = self._script.with_suffix(".new")
        other.write_text(text, encoding="utf-8")
        other.replace(self._script)
        return self


@pytest.fixture
def mac(library, tmp_path, monkeypatch) -> FakeMac:
    monkeypatch.setenv("FAKE_MAC", str(tmp_path / "script"))
    os.putenv("FAKE_MAC", str(tmp_path / "script"))
    monkeypatch.setattr(plugin, "system", lambda: Mac(str(library)))
    fake = FakeMac(library, tmp_path / "script")
    before = fake.alive()
    yield fake
    assert fake.alive() == before, "something was not released"


@pytest.fixture
def start(mac, tmp_path):
    wakes = []

    def begin():
        context = PluginContext(
            name="macos", config=None, log=logging.getLogger("test"), state_directory=tmp_path,
            wake=lambda: wakes.append(1),
        )  # fmt: skip
        workdiary_macos.workdiary_start(context)
        return wakes

    yield begin
    workdiary_macos.workdiary_stop()
