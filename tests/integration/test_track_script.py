"""./contrib/track, without its environment: that is this one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workdiary.paths import Home
from workdiary.testing.wayland import WaylandDesktop

HOUSE = Path(__file__).parents[2]
NO_DESKTOP = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
MARK = "TRACK_SCRIPT_TEST"


class Script:
    def __init__(self, tmp_path):
        self.out = tmp_path / "out"
        self.mark = f"{MARK}={tmp_path}"
        self.env = {**os.environ, **NO_DESKTOP, MARK: str(tmp_path)}
        self.env.pop("WORKDIARY_HOME", None)
        self._children = []

    def start(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, str(HOUSE / "contrib/lib/track.py"), "--out", str(self.out), *arguments],
            env={**self.env, **env}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )  # fmt: skip
        self._children.append(child)
        return child

    def close(self) -> None:
        for child in self._children:
            if child.poll() is None:
                child.terminate()
                child.communicate(timeout=30)

    def run(self, *arguments: str, code: int = 0, **env: str) -> str:
        output, _ = (child := self.start(*arguments, **env)).communicate(timeout=100)
        assert child.returncode == code, output
        assert "Traceback" not in output
        return output

    def left_behind(self) -> list[str]:
        """Return the names of the processes that came from here and still run."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (place / "environ").read_bytes():
                    found.append((place / "comm").read_text().strip())
            except OSError:
                continue
        return found


@pytest.fixture
def script(tmp_path):
    found = Script(tmp_path)
    yield found
    found.close()


def read_until(child: subprocess.Popen[str], text: str) -> str:
    lines = []
    for line in child.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def press_ctrl_c(child: subprocess.Popen[str]) -> str:
    """Interrupt the whole foreground group, as a terminal does, and return the rest of what it says."""
    os.killpg(child.pid, signal.SIGINT)
    return child.communicate(timeout=60)[0]


def typed_and_counted(output: str) -> tuple[str, str]:
    return re.search(r"^typed +(.*)$", output, re.MULTILINE)[1], re.search(r"^counted +(.*)$", output, re.MULTILINE)[1]


def test_without_a_desktop_a_virtual_screen_is_tracked_counted_pictured_and_proven(script):
    output = script.run("--for", "27s")
    assert "There is no desktop session here." in output
    typed, counted = typed_and_counted(output)
    assert typed == counted
    assert not typed.startswith("keys 0")
    assert (script.out / "screenshot.jpg").read_bytes()[:3] == b"\xff\xd8\xff"
    assert "verified: demo" in output
    assert Home.find({"WORKDIARY_HOME": str(script.out / "home")}).journal.exists()
    assert "demo-policy" in output, "the added snapshot is no secret"
    assert script.left_behind() == []


def test_ctrl_c_finishes_the_line_shows_the_diary_and_leaves_nothing_running(script):
    child = script.start(DISPLAY=":31999")
    output = read_until(child, "typed so far")
    assert "desktop session here that answers (DISPLAY is :31999" in output
    time.sleep(0.5)  # into the typing
    output = press_ctrl_c(child)
    assert child.returncode == 0, output
    typed, counted = typed_and_counted(output)
    assert typed == counted
    assert "No picture was recorded: tracking ended before the moment" in output
    assert (script.out / "preview.jpg").exists()
    assert script.left_behind() == []


@pytest.mark.parametrize("moment", ["The diary lies in", "tracking demo"])
def test_ctrl_c_at_any_other_time_leaves_nothing_running(script, moment):
    child = script.start()
    read_until(child, moment)
    press_ctrl_c(child)
    deadline = time.monotonic() + 10
    while script.left_behind() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert script.left_behind() == []


def test_a_desktop_that_answers_is_tracked_in_the_home_that_is_set(script, desktop, tmp_path):
    output = script.run("--for", "2s", WORKDIARY_HOME=str(tmp_path / "mine"), DISPLAY=desktop.display)
    assert f"Your desktop {desktop.display} is tracked." in output
    assert Home.find({"WORKDIARY_HOME": str(tmp_path / "mine")}).journal.exists()
    assert "demo-policy" not in output
    assert sorted(path.name for path in script.out.iterdir()) == ["week.zip"], "no picture is unsealed unasked"


def test_a_wayland_desktop_is_tracked_and_it_says_what_will_be_unknown(script, tmp_path):
    with WaylandDesktop() as desktop:
        desktop.open_window("Report", "Editor")
        output = script.run("--for", "4s", WORKDIARY_HOME=str(tmp_path / "mine"), **desktop.places())
    assert "Your Wayland desktop is tracked." in output
    assert "keys unknown" in output


def test_a_wrong_time_is_one_clear_message(script):
    assert "is not a duration" in script.run("--for", "soon", code=2)
    assert not script.out.exists()
