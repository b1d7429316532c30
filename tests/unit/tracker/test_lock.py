"""One tracker at a time, and whoever is about to end is waited for."""

from __future__ import annotations

import threading

import pytest

from workdiary.errors import StorageError
from workdiary.link import lock
from workdiary.link.lock import AlreadyRunningError, Lock
from workdiary.paths import Home


@pytest.fixture
def home(tmp_path):
    found = Home.find({"WORKDIARY_HOME": str(tmp_path)})
    found.prepare()
    return found


def test_a_tracker_that_answers_is_not_waited_for(home):
    home.socket.touch()
    with Lock(home), pytest.raises(AlreadyRunningError, match="process"):
        Lock(home).acquire()
    Lock(home).acquire().release()


def test_a_tracker_that_is_ending_is_waited_for(home):
    held = Lock(home).acquire()
    timer = threading.Timer(0.1, held.release)
    timer.start()
    with Lock(home):
        timer.join()


def test_a_holder_that_never_ends_is_not_waited_for_for_ever(home, monkeypatch):
    monkeypatch.setattr(lock, "PATIENCE_S", 0.05)
    with Lock(home), pytest.raises(AlreadyRunningError):
        Lock(home).acquire()


def test_a_lock_that_cannot_be_made_is_one_clear_error(home):
    home.lock.mkdir()
    with pytest.raises(StorageError, match="cannot be locked"):
        Lock(home).acquire()
