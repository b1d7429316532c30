from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # what these tests share

from shells import Emulated

import workdiary_gnome
from workdiary.context import PluginContext
from workdiary.payloads import Cause, Occasion, Tick
from workdiary_gnome.testing import GnomeShell, is_there

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)
OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="", monitors="all")
NONE = pytest.mark.skipif(not is_there(), reason="a GNOME Shell from 45 on is there in contrib/desktops/run only")


class Hooks:
    def __init__(self):
        self.wakes = []

    def window(self):
        return workdiary_gnome.workdiary_capture_window(TICK)

    def title(self):
        return getattr(self.window(), "title", None)

    def presence(self):
        return workdiary_gnome.workdiary_presence(TICK)

    def survey(self):
        return workdiary_gnome.workdiary_survey_screen(OCCASION)

    def until(self, condition, seconds=5.0):
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, f"it did not come; now {self.window()}, {self.presence()}"
            time.sleep(0.002)
        return time.monotonic() - began

    def until_idle(self):
        self.until(lambda: self.presence().idle_ms >= 1000)


@pytest.fixture(params=[Emulated, pytest.param(GnomeShell, marks=NONE)])
def shell(request, monkeypatch):
    with request.param(os.environ) as found:
        monkeypatch.setenv("DISPLAY", "")
        for name, value in found.places().items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def start(tmp_path):
    def begin():
        hooks = Hooks()
        context = PluginContext(
            name="gnome",
            config=None,
            log=logging.getLogger("test"),
            state_directory=tmp_path,
            wake=lambda: hooks.wakes.append(time.monotonic()),
        )
        workdiary_gnome.workdiary_start(context)
        hooks.window()
        return hooks

    yield begin
    workdiary_gnome.workdiary_stop()
