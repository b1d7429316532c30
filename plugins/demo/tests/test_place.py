"""No real diary is ever touched, and a demo that was cut short is still one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import workdiary_demo
from workdiary.errors import UsageError, WorkdiaryError
from workdiary.link.lock import Lock
from workdiary_demo import place
from workdiary_demo.making import make

from .conftest import NOW


def small(root, **more):
    return make(root, weeks=1, hours=2, images=False, now_ms=NOW, **more)


def everything(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_home_that_is_no_demo_is_refused_and_stays_as_it_is(tmp_path):
    env = {**os.environ, "WORKDIARY_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "workdiary", "contract", "add", "acme", "--rate", "50", "--currency", "EUR"]
    subprocess.run(command, env=env, check=True, capture_output=True)
    before = everything(tmp_path)
    for fresh in (False, True):
        with pytest.raises(UsageError, match="is not the home of a demo, and nothing in it was touched") as caught:
            small(tmp_path, fresh=fresh)
        assert caught.value.remedy
    assert everything(tmp_path) == before


@pytest.mark.parametrize("kind", ["a file", "a link", "a directory with a linked mark"])
def test_what_only_looks_like_a_place_for_a_demo_is_refused(tmp_path, kind):
    real = tmp_path / "real"
    real.mkdir()
    root = tmp_path / "root"
    if kind == "a file":
        root.write_text("mine")
    elif kind == "a link":
        root.symlink_to(real)
    else:
        root.mkdir()
        (tmp_path / "other").touch()
        (root / place.MARK).symlink_to(tmp_path / "other")
    with pytest.raises(UsageError):
        small(root, fresh=True)
    assert list(real.iterdir()) == []


def test_an_earlier_demo_is_replaced_only_when_asked(tmp_path):
    first = small(tmp_path / "home", seed=1)
    with pytest.raises(UsageError, match="holds a demo already") as caught:
        small(tmp_path / "home", seed=2)
    assert "--fresh" in caught.value.remedy
    (first.root / "config.toml").write_text("")
    second = small(tmp_path / "home", seed=2, fresh=True)
    assert not (second.root / "config.toml").exists()
    assert not (second.root / place.UNFINISHED).exists()


def test_a_demo_into_which_somebody_tracks_is_not_replaced(tmp_path):
    made = small(tmp_path / "home")
    before = everything(made.home.data)
    with Lock(made.home):
        made.home.socket.touch()
        with pytest.raises(WorkdiaryError, match="a tracker is running already"):
            small(tmp_path / "home", fresh=True)
        made.home.socket.unlink()
    after = everything(made.home.data)
    assert {**after, Path("tracker.lock"): b""} == {**before, Path("tracker.lock"): b""}


def test_a_kill_in_the_middle_leaves_a_home_that_is_still_marked(tmp_path):
    root = tmp_path / "home"
    command = [sys.executable, "-m", "workdiary", "demo", "--weeks", "50", "--no-images", "--home", str(root)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (root / "data" / "journal.sqlite").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert (root / place.MARK).is_file()
    with pytest.raises(UsageError, match="a demo already that was not finished"):
        small(root)
    assert small(root, fresh=True).segments


@pytest.mark.parametrize("wrong", [{"weeks": 0}, {"weeks": 5000}, {"hours": 0}, {"hours": 100}])
def test_numbers_that_make_no_sense_are_refused_before_anything_is_made(tmp_path, wrong):
    with pytest.raises(UsageError):
        make(tmp_path / "home", images=False, now_ms=NOW, **wrong)
    assert not (tmp_path / "home").exists()


def test_the_command_says_how_to_look_at_the_demo(tmp_path):
    (command,) = workdiary_demo.workdiary_commands()
    options = ["--weeks", "1", "--hours", "2", "--no-images"]
    said = CliRunner().invoke(command, [*options, "--home", str(tmp_path / "my home")])
    assert said.exit_code == 0, said.output
    assert f"WORKDIARY_HOME='{tmp_path / 'my home'}' workdiary open" in said.output
    told = CliRunner().invoke(command, [*options, "--home", str(tmp_path / "b"), "--json"])
    assert set(json.loads(told.stdout)) == {"home", "weeks", "contracts", "segments", "images", "seconds"}


def test_the_default_place_is_beside_the_own_data_and_not_in_it(monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert place.default_root() == Path("/data/workdiary-demo")
