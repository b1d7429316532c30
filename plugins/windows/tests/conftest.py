"""The plugin as core calls it, a window to look at, and keys to press: on a Windows, or in wine."""

from __future__ import annotations

import ctypes
import logging
import subprocess
import sys
import time

import pytest

import workdiary_windows
from workdiary.context import PluginContext
from workdiary.payloads import Cause, Occasion, Tick, Unknown
from workdiary_windows import window
from workdiary_windows.api import Win32

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)
OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="", monitors="all")


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
def start(tmp_path):
    """Start the plugin again."""
    return lambda: Hooks(tmp_path)


@pytest.fixture
def tap(keyboard):
    """Press and release a key."""

    def press(key="a"):
        keyboard.press(key)
        keyboard.release(key)

    return press


@pytest.fixture(name="until")
def _until():
    return until


@pytest.fixture(scope="session", autouse=True)
def _a_first_window():
    """Wine starts its desktop with the first window, which takes longer than a first reading may wait."""
    if sys.platform == "win32":
        Win32().listen(lambda _message, _parameter: None).close()
