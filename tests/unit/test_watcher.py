"""A desktop that is slow to answer holds nobody up."""

from __future__ import annotations

import logging
import threading
import time

from workdiary.payloads import Unknown
from workdiary.source.watcher import Watcher


class Quiet:
    """A session in which nothing ever happens."""

    def __init__(self):
        self._over = threading.Event()

    def turn(self, _lock):
        self._over.wait(10)
        raise OSError

    def interrupt(self):
        self._over.set()

    def close(self):
        pass


def watch(connect):
    return Watcher("the desk", connect, lambda: None, logging.getLogger("test"))


def test_a_first_answer_that_takes_long_is_not_waited_for_and_comes_later():
    def slowly():
        time.sleep(0.6)
        return Quiet()

    began = time.monotonic()
    watcher = watch(slowly)
    assert time.monotonic() - began < 0.4
    assert watcher.read(lambda _session: 1) == Unknown(reason="the desk has not answered yet")
    while isinstance(watcher.read(lambda _session: 1), Unknown):
        assert time.monotonic() - began < 5
        time.sleep(0.01)
    watcher.stop()


def test_a_desktop_that_answers_is_known_at_the_first_reading():
    watcher = watch(Quiet)
    assert watcher.read(lambda _session: 1) == 1
    watcher.stop()


def test_a_desktop_that_refuses_is_gone():
    def refuse():
        raise OSError

    watcher = watch(refuse)
    assert watcher.read(lambda _session: 1) == Unknown(reason="the desk went away")
    watcher.stop()
