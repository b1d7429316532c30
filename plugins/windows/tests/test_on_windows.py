"""On a Windows, or in wine, which is none: real windows, injected input, and what Windows says."""

from __future__ import annotations

import ctypes
import statistics
import subprocess
import sys
import threading
import time

import pytest

if sys.platform != "win32":
    pytest.skip("Windows, or contrib/wine/run", allow_module_level=True)

import workdiary_windows
from workdiary.payloads import Unknown
from workdiary_windows.api import Win32
from workdiary_windows.messages import (
    WM_CLOSE,
    WM_ENDSESSION,
    WM_POWERBROADCAST,
    WM_QUERYENDSESSION,
    WM_WTSSESSION_CHANGE,
)
from workdiary_windows.ticks import since

LOCK, UNLOCK, SUSPEND = 7, 8, 4
WATCH = """
from workdiary_windows.api import Win32
from workdiary_windows.session import Session
session = Session(Win32())
print(1, flush=True)
input()
"""


def test_the_active_window_is_named_by_program_and_title(hooks, notepad, until):
    found = hooks.window()
    assert found.app.lower() == "notepad"
    assert "Notepad" in found.title
    assert "\\" not in found.app
    until(lambda: hooks.wakes, 2)


def test_a_window_that_was_closed_is_active_no_more(hooks, notepad, until):
    notepad.kill()
    until(lambda: getattr(hooks.window(), "app", "").lower() != "notepad")


def test_windows_that_come_and_go_raise_nothing(hooks, until, start):
    seen, over = [], threading.Event()

    def read():
        while not over.is_set():
            seen.extend([hooks.window(), hooks.survey()])

    thread = threading.Thread(target=read)
    thread.start()
    for _ in range(5):
        process = subprocess.Popen(["notepad.exe"])
        until(lambda: "notepad" in getattr(hooks.window(), "app", "").lower())
        process.kill()
        process.wait()
    over.set()
    thread.join()
    assert len(seen) > 20


def test_the_survey_has_the_window_on_its_monitor_top_first(hooks, notepad):
    found = hooks.survey()
    top = found.windows[0]
    assert top.app.lower() == "notepad"
    assert top.handle == hooks.window().handle
    (monitor,) = [one for one in found.monitors if one.primary]
    assert 0 <= top.rect.x < monitor.rect.width
    assert 0 < top.rect.width <= monitor.rect.width


def test_input_ends_the_idle_time_and_a_pause_begins_it(hooks, notepad, tap, until):
    until(lambda: hooks.presence().idle_ms >= 1000)
    hooks.wakes.clear()
    tap()
    until(lambda: hooks.presence().idle_ms == 0, 2)
    assert len(hooks.wakes) == 1
    until(lambda: hooks.presence().idle_ms >= 1000, 2)


def test_active_time_is_that_of_the_bursts_but_for_what_came_before_the_first_look(hooks, notepad, tap, until):
    for presses in (1, 4, 8):
        until(lambda: hooks.presence().idle_ms >= 1000)
        before, began = hooks.presence().active_ms, time.monotonic()
        for _ in range(presses):
            tap()
            last = time.monotonic()
            time.sleep(0.2)
        until(lambda: hooks.presence().idle_ms >= 1000)
        real = (last - began) * 1000 + 1000
        assert real - 1100 <= hooks.presence().active_ms - before <= real + 50


def test_idle_time_is_that_since_the_injected_key(notepad, tap):
    system = Win32()
    tap()
    assert since(system.tick(), system.last_input()) < 100
    time.sleep(0.5)
    assert 450 <= since(system.tick(), system.last_input()) <= 700


def test_lock_and_unlock_are_heard_at_once(hooks, until):
    for change, locked in ((LOCK, True), (UNLOCK, False)):
        hooks.wakes.clear()
        hooks.say(WM_WTSSESSION_CHANGE, change)
        until(lambda locked=locked: hooks.presence().locked is locked, 1)
        until(lambda: hooks.wakes, 1)


def test_sleep_that_is_near_asks_for_a_tick(hooks, until):
    hooks.wakes.clear()
    assert hooks.say(WM_POWERBROADCAST, SUSPEND) == 1
    until(lambda: hooks.wakes, 1)


def test_the_end_of_the_session_is_allowed_and_asks_for_a_tick(hooks, until):
    hooks.wakes.clear()
    assert hooks.say(WM_QUERYENDSESSION) == 1
    hooks.say(WM_ENDSESSION, 1)
    until(lambda: hooks.wakes, 1)


def test_it_stops_at_once_and_starts_again(hooks, start):
    for _ in range(3):
        began = time.monotonic()
        workdiary_windows.workdiary_stop()
        workdiary_windows.workdiary_stop()
        assert time.monotonic() - began < 0.5
        hooks = start()
        assert not isinstance(hooks.presence(), Unknown)


def test_a_watch_that_somebody_ends_is_unknown_and_begins_anew(hooks, until):
    before = hooks.presence().since
    ctypes.windll.user32.PostMessageW(hooks.ear, WM_CLOSE, 0, 0)
    until(lambda: isinstance(hooks.presence(), Unknown))
    assert hooks.presence().reason == "Windows went away"
    again = until(lambda: None if isinstance(hooks.presence(), Unknown) else hooks.presence())
    assert again.since != before


def test_a_tracker_that_is_killed_leaves_nothing_in_the_way(start):
    for _ in range(2):
        child = subprocess.Popen([sys.executable, "-c", WATCH], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdout.readline().strip() == b"1"
        child.kill()
        child.wait()
    start()
    workdiary_windows.workdiary_stop()


def test_what_it_costs(hooks, notepad):
    from workdiary_mss.capture import capture

    for name, act, times in (
        ("window", hooks.window, 50),
        ("presence", hooks.presence, 50),
        ("survey", hooks.survey, 10),
    ):
        took = []
        for _ in range(times):
            began = time.perf_counter()
            act()
            took.append((time.perf_counter() - began) * 1000)
        print(f"{name}: {statistics.median(took):.2f} ms")
        assert statistics.median(took) < 100
    began = time.process_time()
    capture()
    print(f"picture: {(time.process_time() - began) * 1000:.0f} ms of CPU")
