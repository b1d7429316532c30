"""Deletions wait a moment, can be undone, and survive a kill."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest
from webclient import SECRET, until, write_diary

from workdiary.builtin.rules import RULES
from workdiary.desk.book import LocalBook
from workdiary.errors import StorageError
from workdiary_web.server.pending import Pending


@pytest.fixture
def book(home, diary):
    return LocalBook(home, RULES)


@pytest.fixture
def start(book, tmp_path):
    """Start one after another on the same file."""
    started = []

    def make(delay=0.3):
        started.append(Pending(book, tmp_path / "pending.json", delay))
        return started[-1]

    yield make
    for one in started:
        one.close()


def kept(tmp_path):
    return json.loads((tmp_path / "pending.json").read_bytes())


def test_a_deletion_is_carried_out_after_its_delay(start, book, diary, tmp_path):
    pending = start()
    before = time.time_ns() // 1_000_000
    pending.add(diary[:2], keep_time=False)
    assert set(pending.waiting()) == set(diary[:2])
    assert all(before + 250 <= due <= before + 2000 for due in pending.waiting().values())
    assert not book.segment(diary[0]).deleted
    until(lambda: not pending.waiting())
    assert [book.segment(one).deleted for one in diary] == [True, True, False]
    assert pending.failures() == []
    assert kept(tmp_path) == []


def test_undo_takes_it_back_once(start, book, diary, tmp_path):
    pending = start()
    token = pending.add(diary[:1], keep_time=False)
    assert [(one.token, one.ids) for one in pending.requests()] == [(token, (diary[0],))]
    assert pending.undo(token)
    assert pending.requests() == []
    assert not pending.undo(token)
    assert not pending.undo("another")
    assert pending.waiting() == {}
    assert kept(tmp_path) == []
    time.sleep(0.4)
    assert not book.segment(diary[0]).deleted


def test_it_is_too_late_to_undo_what_is_done(start, book, diary):
    pending = start(0.0)
    token = pending.add(diary[:1], keep_time=False)
    until(lambda: not pending.waiting())
    assert not pending.undo(token)
    assert book.segment(diary[0]).deleted


def test_what_is_refused_is_told_once_and_the_others_are_done(start, book, diary):
    pending = start(0.0)
    pending.add([diary[0]], keep_time=True)  # manual time has no image
    pending.add(["0000-nobody-1"], keep_time=False)
    pending.add([diary[1]], keep_time=False)
    until(lambda: not pending.waiting())
    told = pending.failures()
    assert len(told) == 1
    assert "0000-nobody-1: not deleted" in told[0]
    assert pending.failures() == []
    assert book.segment(diary[1]).deleted


def test_closing_carries_out_what_waits(start, book, diary, tmp_path):
    pending = start(60.0)
    pending.add(diary[:1], keep_time=False)
    pending.close()
    assert book.segment(diary[0]).deleted
    assert kept(tmp_path) == []
    with pytest.raises(StorageError, match="being closed"):
        pending.add(diary[1:], keep_time=False)


def test_what_is_refused_at_closing_is_told_at_the_next_start(start, diary):
    pending = start(60.0)
    pending.add(["0000-nobody-1"], keep_time=False)
    pending.close()
    again = start()
    until(lambda: not again.waiting())
    assert "0000-nobody-1" in again.failures()[0]


def test_the_file_is_private_and_holds_ids_only(start, diary, tmp_path):
    pending = start(60.0)
    pending.add(diary, keep_time=False)
    file = tmp_path / "pending.json"
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert SECRET not in file.read_text()
    assert [set(one) for one in kept(tmp_path)] == [{"token", "ids", "keep_time", "due_ms"}]


def test_a_damaged_file_is_one_clear_error(start, tmp_path):
    (tmp_path / "pending.json").write_text('[{"token": 1}]')
    with pytest.raises(StorageError, match="cannot be read") as caught:
        start()
    assert caught.value.remedy


def test_what_cannot_be_kept_is_not_promised(book, diary, tmp_path):
    (tmp_path / "pending.json.part").mkdir()
    pending = Pending(book, tmp_path / "pending.json", 0.0)
    with pytest.raises(StorageError, match="cannot be written"):
        pending.add(diary, keep_time=False)
    pending.close()
    assert not book.segment(diary[0]).deleted


WRITER = """
import os, sys, time
from pathlib import Path
from workdiary.builtin.rules import RULES
from workdiary.desk.book import LocalBook
from workdiary.paths import Home
from workdiary_web.server.pending import Pending
home = Home.find(os.environ)
pending = Pending(LocalBook(home, RULES), Path(sys.argv[1]), 60.0)
pending.add(sys.argv[2:], keep_time=False)
print("asked", flush=True)
time.sleep(60)
"""


def test_a_kill_only_brings_the_deletion_forward_to_the_next_start(start, book, home, diary, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKDIARY_HOME", str(home.data.parent))
    command = [sys.executable, "-c", WRITER, str(tmp_path / "pending.json"), *diary[:2]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "asked\n"
        process.send_signal(signal.SIGKILL)
    assert not book.segment(diary[0]).deleted
    assert [one["ids"] for one in kept(tmp_path)] == [diary[:2]]
    pending = start(60.0)
    until(lambda: not pending.waiting())
    assert [book.segment(one).deleted for one in diary] == [True, True, False]
    assert pending.failures() == []


def test_a_kill_after_the_change_and_before_the_file_is_no_failure(start, book, diary, tmp_path):
    book.change("delete", segments=diary[:1], keep_time=False)
    row = {"token": "t", "ids": diary[:2], "keep_time": False, "due_ms": 0}
    (tmp_path / "pending.json").write_text(json.dumps([row]))
    pending = start()
    until(lambda: not pending.waiting())
    assert [book.segment(one).deleted for one in diary[:2]] == [True, True]
    assert pending.failures() == []


def test_the_web_process_carries_out_what_a_killed_one_has_left(web, home):
    ids = write_diary(home)
    directory = home.plugin_state("web")
    directory.mkdir(mode=0o700, parents=True)
    (directory / "pending.json").write_text(json.dumps([{"token": "t", "ids": ids, "keep_time": False, "due_ms": 0}]))
    process = web()
    book = LocalBook(home, RULES)
    until(lambda: book.segment(ids[0]).deleted)
    assert process.end() == 0
