from __future__ import annotations

import logging
import time

import pytest

import workdiary_kde
from workdiary.context import PluginContext
from workdiary.payloads import Cause, Occasion, Tick
from workdiary.testing.programs import PATIENCE
from workdiary_kde import picture
from workdiary_kde.testing import KWin

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)
OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="", monitors="all")


class Hooks:
    def __init__(self):
        self.wakes = []

    def window(self):
        return workdiary_kde.workdiary_capture_window(TICK)

    def title(self):
        return getattr(self.window(), "title", None)

    def survey(self):
        return workdiary_kde.workdiary_survey_screen(OCCASION)

    def grab(self):
        return workdiary_kde.workdiary_grab_screen(OCCASION)

    def until(self, condition, seconds=5.0 * PATIENCE):
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, f"it did not come; now {self.window()}"
            time.sleep(0.002)
        return time.monotonic() - began


@pytest.fixture
def pictures():
    """Whether KWin hands out pictures."""
    return False


@pytest.fixture
def kwin(monkeypatch, pictures):
    with KWin(pictures=pictures) as found:
        monkeypatch.setenv("DISPLAY", "")
        monkeypatch.setattr(picture, "PATIENCE", picture.PATIENCE * PATIENCE)
        for name, value in found.places().items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def start(tmp_path):
    def begin():
        hooks = Hooks()
        context = PluginContext(
            name="kde",
            config=None,
            log=logging.getLogger("test"),
            state_directory=tmp_path,
            wake=lambda: hooks.wakes.append(time.monotonic()),
        )
        workdiary_kde.workdiary_start(context)
        hooks.window()
        return hooks

    yield begin
    workdiary_kde.workdiary_stop()
