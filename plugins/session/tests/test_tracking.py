"""Through the whole tracker: what happens behind a locked screen is a gap, and nothing is taken there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from workdiary_session.testing import Saver


@pytest.fixture
def workdiary(tmp_path, system, desk):
    env = {**os.environ, "WORKDIARY_HOME": str(tmp_path / "home"), "DISPLAY": "", "WAYLAND_DISPLAY": ""}

    def run(*words):
        command = [sys.executable, "-m", "workdiary", *words]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout) if "--json" in words else done.stdout

    run("contract", "add", "acme", "--rate", "60")
    yield run
    subprocess.run([sys.executable, "-m", "workdiary", "stop"], env=env, capture_output=True, timeout=60, check=False)


def until_state(workdiary, wanted):
    end = time.monotonic() + 10
    while workdiary("status", "--json")["state"] != wanted:
        assert time.monotonic() < end, f"it is not {wanted}"


def test_a_locked_screen_pauses_and_an_unlocked_one_goes_on(workdiary, making, desk):
    saver = making(Saver(desk))
    workdiary("start", "acme")
    saver.say(True)
    until_state(workdiary, "paused")
    time.sleep(1.5)
    saver.say(False)
    until_state(workdiary, "tracking")
    workdiary("stop")
    (gap,) = workdiary("diary", "--json")["gaps"]
    assert gap["reason"] == "the screen was locked"
