"""Through the whole tracker on KWin: window and picture from here, activity from the wayland plugin, and no counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

POLICY = """
from workdiary import hookimpl
@hookimpl
def workdiary_plan_moments(slot):
    return [min(599, slot.from_offset + 2)]
"""


@pytest.fixture
def pictures():
    return True


@pytest.fixture
def workdiary(kwin, tmp_path):
    info = tmp_path / "site" / "soon-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: soon\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[workdiary]\nsoon = soon\n")
    (info.parent / "soon.py").write_text(POLICY)
    env = {**os.environ, "WORKDIARY_HOME": str(tmp_path / "home"), "PYTHONPATH": str(info.parent)}

    def run(*words):
        command = [sys.executable, "-m", "workdiary", *words]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout) if "--json" in words else done.stdout

    run("contract", "add", "acme", "--rate", "60")
    yield run
    subprocess.run([sys.executable, "-m", "workdiary", "stop"], env=env, capture_output=True, timeout=60, check=False)


def test_what_kwin_tells_is_in_the_diary_and_the_rest_is_unknown(kwin, workdiary):
    aside, window = kwin.open_window("Aside", "mail", (200, 100)), kwin.open_window("Chapter 1", "editor")
    workdiary("start", "acme")
    end = time.monotonic() + 30
    while "images" not in ((workdiary("status", "--json")["open_segment"] or {}).get("snapshot") or {}):
        assert time.monotonic() < end
    workdiary("stop")
    (segment, *_) = workdiary("diary", "--json")["segments"]
    assert segment["unknown"].keys() == {"keys", "clicks", "scrolls"}, segment["unknown"]
    assert segment["window"] == {"app": "editor", "title": "Chapter 1"}
    assert (segment["snapshot"]["images"][0]["width"], segment["snapshot"]["images"][0]["height"]) == (1280, 720)
    assert segment["unknown"].keys() == {"keys", "clicks", "scrolls"}
    for one in (aside, window):
        one.close()
