from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

import workdiary_x11
from workdiary.context import PluginContext
from workdiary.payloads import Cause, Occasion, Tick
from workdiary.testing.desktop import VirtualDesktop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workdiary.payloads import InputCounts, Presence, ScreenMap, Unknown, Window

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)
OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="")


@dataclass
class Hooks:
    """The plugin as core calls it, and how often it asked to be called."""

    context: PluginContext
    wakes: list[float] = field(default_factory=list)

    def counts(self) -> InputCounts | Unknown:
        return workdiary_x11.workdiary_count_input(TICK)

    def totals(self) -> tuple[object, object, object]:
        counts = self.counts()
        return counts.keys, counts.clicks, counts.scrolls

    def window(self) -> Window | Unknown:
        return workdiary_x11.workdiary_capture_window(TICK)

    def presence(self) -> Presence | Unknown:
        return workdiary_x11.workdiary_presence(TICK)

    def survey(self) -> ScreenMap | Unknown:
        return workdiary_x11.workdiary_survey_screen(OCCASION)

    def until(self, condition: Callable[[], bool], seconds: float = 5.0) -> float:
        """Wait for a condition; return how long it took."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, "it did not come"
            time.sleep(0.005)
        return time.monotonic() - began

    def until_totals(self, keys: int, clicks: int, scrolls: int) -> None:
        """Wait for these totals, and see that they stay."""
        self.until(lambda: self.totals() == (keys, clicks, scrolls))
        time.sleep(0.05)
        assert self.totals() == (keys, clicks, scrolls)


@pytest.fixture(scope="session")
def shared_desktop() -> Iterator[VirtualDesktop]:
    with VirtualDesktop() as desktop:
        yield desktop


@pytest.fixture
def desktop(shared_desktop, monkeypatch) -> Iterator[VirtualDesktop]:
    monkeypatch.setenv("DISPLAY", shared_desktop.display)
    monkeypatch.delenv("XAUTHORITY", raising=False)
    yield shared_desktop
    shared_desktop.close_windows()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Hooks]]:
    """Start the plugin on whatever DISPLAY says, and take a first reading."""

    def start_plugin() -> Hooks:
        wakes: list[float] = []
        context = PluginContext(
            name="x11",
            config=None,
            log=logging.getLogger("test"),
            state_directory=tmp_path,
            wake=lambda: wakes.append(time.monotonic()),
        )
        workdiary_x11.workdiary_start(context)
        hooks = Hooks(context, wakes)
        hooks.counts()
        return hooks

    yield start_plugin
    workdiary_x11.workdiary_stop()


@pytest.fixture
def hooks(desktop, start) -> Hooks:
    return start()
