"""On a Windows, or in wine, which is none: real windows, injected input, and what Windows says."""

from __future__ import annotations

import ctypes
import logging
import statistics
import subprocess
import sys
import threading
import time

import pytest

if sys.platform != "win32":
    pytest.skip("Windows, or contrib/wine/run", allow_module_level=True)

import workdiary_windows
from workdiary.context import PluginContext
from workdiary.payloads import Cause, Occasion, Tick, Unknown
from workdiary_windows import window
from workdiary_windows.api import (
    WM_CLOSE,
    WM_ENDSESSION,
    WM_POWERBROADCAST,
    WM_QUERYENDSESSION,
    WM_WTSSESSION_CHANGE,
    Win32,
)
from workdiary_windows.ticks import since

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)
OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="", monitors="all")
LOCK, UNLOCK, SUSPEND = 7, 8, 4
WATCH = """
from workdiary_windows.api import Win32
from workdiary_windows.session import Session
session = Session(Win32())
print(1, flush=True)
input()
"""


def until(ready, seconds=10.0):
    end = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)
    return found


class Hooks:
    """The plugin as core calls it."""

    def __init__(self, tmp_path) -> None:
        self.wakes = []
        context = PluginContext(
            name="windows", config=None, log=logging.getLogger("test"), state_directory=tmp_path,
            wake=lambda: self.wakes.append(time.monotonic()),
        )  # fmt: skip
        workdiary_windows.workdiary_start(context)
        until(lambda: not isinstance(self.window(), Unknown) or "answered" not in self.window().reason)

    def window(self):
        return workdiary_windows.workdiary_capture_window(TICK)

    def presence(self):
        return workdiary_windows.workdiary_presence(TICK)

    def survey(self):
        return workdiary_windows.workdiary_survey_screen(OCCASION)

    @property
    def ear(self):
        """The number of the hidden window."""
        return workdiary_windows.watched._watcher._session._ear._window

    def say(self, message, parameter=0):
        """Say something to it as Windows does, and wait for the answer."""
        return ctypes.windll.user32.SendMessageW(self.ear, message, parameter, 0)


@pytest.fixture
def hooks(tmp_path):
    yield Hooks(tmp_path)
    workdiary_windows.workdiary_stop()


@pytest.fixture
def notepad():
    process = subprocess.Popen(["notepad.exe"])
    until(lambda: "notepad" in window.active(Win32()).app.lower())
    yield process
    process.kill()
    process.wait()
    until(lambda: "notepad" not in getattr(window.active(Win32()), "app", ""))


@pytest.fixture
def keyboard():
    from pynput.keyboard import Controller

    return Controller()


@pytest.fixture
def meter():
    from workdiary_pynput.meter import Meter

    found = Meter(lambda: None)
    found.start()
    time.sleep(0.3)
    yield found
    began = time.monotonic()
    found.stop()
    assert time.monotonic() - began < 1


def tap(keyboard, key="a"):
    keyboard.press(key)
    keyboard.release(key)


def test_the_active_window_is_named_by_program_and_title(hooks, notepad):
    found = hooks.window()
    assert found.app.lower() == "notepad"
    assert "Notepad" in found.title
    assert "\\" not in found.app
    until(lambda: hooks.wakes, 2)


def test_pywinctl_names_the_same_window(hooks, notepad):
    from workdiary_pywinctl.window import connect

    found = connect().read()
    assert (found.title, found.handle) == (hooks.window().title, hooks.window().handle)
    assert found.app.lower().startswith("notepad")


def test_a_window_that_was_closed_is_active_no_more(hooks, notepad):
    notepad.kill()
    until(lambda: getattr(hooks.window(), "app", "").lower() != "notepad")


def test_windows_that_come_and_go_raise_nothing(hooks):
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


def test_input_ends_the_idle_time_and_a_pause_begins_it(hooks, notepad, keyboard):
    until(lambda: hooks.presence().idle_ms >= 1000)
    hooks.wakes.clear()
    tap(keyboard)
    until(lambda: hooks.presence().idle_ms == 0, 2)
    assert len(hooks.wakes) == 1
    until(lambda: hooks.presence().idle_ms >= 1000, 2)


def test_active_time_is_that_of_the_bursts_but_for_what_came_before_the_first_look(hooks, notepad, keyboard):
    for presses in (1, 4, 8):
        until(lambda: hooks.presence().idle_ms >= 1000)
        before, began = hooks.presence().active_ms, time.monotonic()
        for _ in range(presses):
            tap(keyboard)
            last = time.monotonic()
            time.sleep(0.2)
        until(lambda: hooks.presence().idle_ms >= 1000)
        real = (last - began) * 1000 + 1000
        assert real - 1100 <= hooks.presence().active_ms - before <= real + 50


def test_idle_time_is_that_since_the_injected_key(keyboard, notepad):
    system = Win32()
    tap(keyboard)
    assert since(system.tick(), system.last_input()) < 100
    time.sleep(0.5)
    assert 450 <= since(system.tick(), system.last_input()) <= 700


def test_each_key_click_and_step_is_counted_once(meter, keyboard, notepad):
    from pynput.mouse import Button, Controller

    mouse, before = Controller(), meter.read()
    for key in "hello":
        tap(keyboard, key)
    mouse.click(Button.left, 3)
    mouse.scroll(0, 2)
    counted = until(lambda: meter.read() if meter.read().scrolls - before.scrolls == 2 else None)
    assert (counted.keys - before.keys, counted.clicks - before.clicks) == (5, 3)


def test_a_held_key_is_one(meter, keyboard, notepad):
    before = meter.read().keys
    for _ in range(20):  # as the hook gets the repeats of a keyboard
        keyboard.press("x")
        time.sleep(0.01)
    keyboard.release("x")
    time.sleep(0.2)
    assert meter.read().keys - before == 1


def test_the_picture_has_the_screens_size_and_shows_the_window(hooks, notepad):
    from workdiary_mss.capture import capture

    (frame,) = capture()
    found = hooks.survey()
    assert (frame.rect, frame.width, frame.height) == (found.monitors[0].rect, frame.rect.width, frame.rect.height)
    rect = found.windows[0].rect
    at = ((rect.y + rect.height // 2) * frame.width + rect.x + rect.width // 2) * 4
    assert frame.pixels[at : at + 3] == b"\xff\xff\xff"  # a notepad's paper
    assert len(set(frame.pixels[at % 4 :: 4 * 997])) > 1


def test_lock_and_unlock_are_heard_at_once(hooks):
    for change, locked in ((LOCK, True), (UNLOCK, False)):
        hooks.wakes.clear()
        hooks.say(WM_WTSSESSION_CHANGE, change)
        until(lambda locked=locked: hooks.presence().locked is locked, 1)
        until(lambda: hooks.wakes, 1)


def test_sleep_that_is_near_asks_for_a_tick(hooks):
    hooks.wakes.clear()
    assert hooks.say(WM_POWERBROADCAST, SUSPEND) == 1
    until(lambda: hooks.wakes, 1)


def test_the_end_of_the_session_is_allowed_and_asks_for_a_tick(hooks):
    hooks.wakes.clear()
    assert hooks.say(WM_QUERYENDSESSION) == 1
    hooks.say(WM_ENDSESSION, 1)
    until(lambda: hooks.wakes, 1)


def test_it_stops_at_once_and_starts_again(hooks, tmp_path):
    for _ in range(3):
        began = time.monotonic()
        workdiary_windows.workdiary_stop()
        workdiary_windows.workdiary_stop()
        assert time.monotonic() - began < 0.5
        hooks = Hooks(tmp_path)
        assert not isinstance(hooks.presence(), Unknown)


def test_a_watch_that_somebody_ends_is_unknown_and_begins_anew(hooks):
    before = hooks.presence().since
    ctypes.windll.user32.PostMessageW(hooks.ear, WM_CLOSE, 0, 0)
    until(lambda: isinstance(hooks.presence(), Unknown))
    assert hooks.presence().reason == "Windows went away"
    again = until(lambda: None if isinstance(hooks.presence(), Unknown) else hooks.presence())
    assert again.since != before


def test_a_tracker_that_is_killed_leaves_nothing_in_the_way(tmp_path):
    for _ in range(2):
        child = subprocess.Popen([sys.executable, "-c", WATCH], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdout.readline().strip() == b"1"
        child.kill()
        child.wait()
    Hooks(tmp_path)
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
