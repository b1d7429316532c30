"""Every face starts the same tracker in the same way."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from workdiary.builtin.rules import RULES
from workdiary.desk import desk
from workdiary.errors import RuleError, WorkdiaryError
from workdiary.link import client, launch
from workdiary.paths import Home


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKDIARY_HOME", raising=False)  # the home that is named counts, not the caller's own
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.setenv(name, "")
    home = Home.find({"WORKDIARY_HOME": str(tmp_path)})
    desk.change(home, RULES, "contract_add", contract="acme", terms={"rate": 5000, "currency": "EUR"})
    yield home
    try:
        client.call(home.socket, "stop")
    except client.NotRunningError:
        return


def test_a_started_tracker_says_what_it_tracks(home):
    status = launch.start(home, "acme", "--memo is no option here")
    assert (status["state"], status["contract"], status["memo"]) == ("tracking", "acme", "--memo is no option here")
    with pytest.raises(RuleError, match="acme is being tracked already"):
        launch.start(home, "acme")


@pytest.mark.skipif(sys.platform != "linux", reason="command lines of others are read in /proc")
@pytest.mark.parametrize("memo", ["a secret plan ☃", ""])
def test_no_command_line_tells_the_memo(home, memo):
    status = launch.start(home, "acme", memo)
    words = Path(f"/proc/{status['pid']}/cmdline").read_bytes().split(b"\0")
    assert status["memo"] == memo
    assert words[-2:] == [b"acme", b""]
    assert not any(b"secret" in word for word in words)


def test_a_refused_memo_is_told(home):
    with pytest.raises(WorkdiaryError, match="the memo holds a control character"):
        launch.start(home, "acme", "half a character: \ud83d")


def test_the_trackers_own_refusal_is_told(home):
    with pytest.raises(WorkdiaryError, match='there is no contract "nobody"') as refusal:
        launch.start(home, "nobody")
    assert (refusal.value.remedy, refusal.value.exit_code) == ("workdiary contract add nobody --rate 50", 2)


def test_a_tracker_that_ended_leaves_no_zombie(home):
    pid = launch.start(home, "acme")["pid"]
    client.call(home.socket, "stop")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError("it is still in the list of processes")
