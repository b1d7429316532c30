"""The plugin in its own process, as the tracker runs it."""

from __future__ import annotations

import os
import time
from importlib.util import find_spec

import pytest

from workdiary.paths import Home
from workdiary.payloads import InputCounts, Tick
from workdiary.plugins.manager import Plugins
from workdiary.testing.desktop import VirtualDesktop
from workdiary.testing.hosted import only
from workdiary_pynput.own_process import HOST

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)


@pytest.fixture
def desktop(monkeypatch):
    with VirtualDesktop(width=400, height=300, window_manager=False) as desktop:
        for name in ("DISPLAY", "XDG_SESSION_TYPE"):
            monkeypatch.setenv(name, desktop.env()[name])
        monkeypatch.setenv("WAYLAND_DISPLAY", "")
        yield desktop


@pytest.fixture
def plugins(desktop, tmp_path):
    settings = only("pynput", "")
    plugins = Plugins.load(settings, Home.find({**os.environ, "WORKDIARY_HOME": str(tmp_path)}))
    yield plugins
    plugins.stop()


def until(plugins, wanted, seconds=20):
    deadline = time.monotonic() + seconds
    while not wanted(answer := plugins.count_input(TICK)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return answer


def state(plugins):
    return next(each for each in plugins.status() if each.name == "pynput")


def test_it_counts_from_a_process_of_its_own(desktop, plugins):
    assert plugins.count_input(TICK).value.keys == 0
    desktop.key("a", "b", "c")
    answer = until(plugins, lambda answer: answer.value.keys == 3)
    assert (answer.plugin, answer.value.keys) == ("pynput", 3)
    assert state(plugins).lane == "process"


def test_after_a_crash_of_the_server_a_fresh_process_counts_from_a_new_beginning(desktop, plugins):
    first = plugins.count_input(TICK).value
    desktop.kill_x()
    until(plugins, lambda answer: not isinstance(answer.value, InputCounts))
    desktop.start_x()
    answer = until(plugins, lambda answer: isinstance(answer.value, InputCounts))
    assert answer.value.since != first.since
    desktop.key("a")
    assert until(plugins, lambda answer: answer.value.keys == 1).value.keys == 1


def test_the_name_of_the_hosts_program_is_still_right():
    assert find_spec(HOST) is not None
