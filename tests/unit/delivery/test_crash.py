"""Kill -9 between each two steps of a delivery: nothing is lost, nothing is there twice, nothing deleted comes back."""

from __future__ import annotations

import os
import shutil
import signal
import warnings
from itertools import count
from types import SimpleNamespace

import pytest

from workdiary import files
from workdiary.builtin.folder import Folder
from workdiary.delivery import cursor
from workdiary.delivery.worker import Worker
from workdiary.journal import entry as kinds
from workdiary.journal import schema
from workdiary.journal.store import Draft, Journal
from workdiary.system import directory
from workdiary.uploader import Stored

STEPS = ("open", "mkdir", "fsync", "rename", "unlink")


@pytest.fixture
def diary(house):
    """A picture, a note and its deletion, in a journal that is closed and copied for each crash."""
    house.shot(house.start - 1, b"the picture")
    (note,) = house.note("the secret")
    house.note("the memo")
    house.delete(note.seq)
    house.journal.connection.wal_checkpoint()
    return house


def die_at(step):
    """Make this process kill itself before its *step*-th system call or statement of SQL."""
    left = step

    def tick():
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    def ticking(call):
        return lambda *args, **options: (tick(), call(*args, **options))[1]

    calls = {name: getattr(os, name) for name in dir(os)}
    files.os = directory.os = SimpleNamespace(**calls | {name: ticking(calls[name]) for name in STEPS})
    connect = schema.connect

    def traced(path):
        connection = connect(path)
        connection.exec_trace = lambda *_: tick() or True
        return connection

    schema.connect = traced


def in_child(run):
    """Run it in a child process; return whether it lived."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of other tests, which the child does not touch
        child = os.fork()
    if child == 0:
        try:
            run()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] == 0


class Place:
    """One copy of the journal, and the folder it is delivered to."""

    def __init__(self, house, home):
        home.mkdir()
        shutil.copy(house.journal.path, home / "journal.sqlite")
        self.house, self.home = house, home
        self.journal = home / "journal.sqlite"

    def turn(self):
        worker = self.house.worker(Folder(self.home / "mirror", self.home / "state"))
        worker._journal = self.journal
        worker.turn()
        worker._disconnect()
        return worker

    def crash(self, step):
        return in_child(lambda: (die_at(step), self.turn()))

    def delete(self, *seqs):
        journal = Journal(self.journal, self.house.journal.keys)
        values = {"of": list(seqs), "fields": ["*"], "why": "owner"}
        journal.append([Draft(contract="acme", type=kinds.Tombstone, values=values)], at_ms=self.house.now)
        journal.close()

    def contents(self):
        root = self.home / "mirror"
        return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def crashes(house, tmp_path):
    """Yield a place for each step at which a delivery can be killed."""
    for step in count():
        place = Place(house, tmp_path / f"crash-{step}")
        if place.crash(step):
            assert step > 50, "the steps were not counted"
            return
        yield place
        shutil.rmtree(place.home)


def test_a_kill_between_any_two_steps_loses_and_doubles_nothing(diary, tmp_path):
    whole = Place(diary, tmp_path / "whole")
    assert whole.turn().live.state == "up to date"
    assert len(whole.contents()) == 6  # key, segment, picture, two notes, tombstone
    for place in crashes(diary, tmp_path):
        assert place.turn().live.state == "up to date"
        assert place.contents() == whole.contents()


def test_the_check_finds_a_delivery_that_acknowledges_too_early(diary, tmp_path, monkeypatch):
    """Positive control: the cursor moves first, so some kill must lose something."""
    whole = Place(diary, tmp_path / "whole")
    whole.turn()
    offer = Worker._offer

    def too_early(self, items):
        stored = [(one, Stored(number=one.number, digest=b"")) for one in items]
        cursor.settle(self._connection, self.name, stored, 0)
        return offer(self, items)

    monkeypatch.setattr(Worker, "_offer", too_early)

    def is_whole(place):
        place.turn()
        return (place.home / "mirror").exists() and place.contents() == whole.contents()

    assert not all(is_whole(place) for place in crashes(diary, tmp_path))


def test_what_is_deleted_after_a_kill_is_nowhere_once_that_is_delivered(house, tmp_path):
    segment, _ = house.shot(house.start - 1, b"the picture")
    (note,) = house.note("the secret")
    house.journal.connection.wal_checkpoint()
    for place in crashes(house, tmp_path):
        place.delete(segment.seq, note.seq)
        assert place.turn().live.state == "up to date"
        left = b"".join(place.contents().values())
        assert b"the secret" not in left
        assert b"the picture" not in left
