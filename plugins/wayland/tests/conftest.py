from __future__ import annotations

import logging
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # what these tests share

import workdiary_wayland
from workdiary.context import PluginContext
from workdiary.payloads import Cause, Occasion, Tick
from workdiary.testing.wayland import WaylandDesktop
from workdiary_kde.testing import KWin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workdiary.payloads import Frame, Presence, Unknown, Window

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)
OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="", monitors="all")


@dataclass
class Hooks:
    """The plugin as core calls it, and how often it asked to be called."""

    wakes: list[float] = field(default_factory=list)

    def window(self) -> Window | Unknown:
        return workdiary_wayland.workdiary_capture_window(TICK)

    def title(self) -> str:
        return getattr(self.window(), "title", "")

    def presence(self) -> Presence | Unknown:
        return workdiary_wayland.workdiary_presence(TICK)

    def grab(self) -> tuple[Frame, ...] | Unknown:
        return workdiary_wayland.workdiary_grab_screen(OCCASION)

    def until(self, condition: Callable[[], bool], seconds: float = 5.0) -> float:
        """Wait for a condition; return how long it took."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, "it did not come"
            time.sleep(0.002)
        return time.monotonic() - began

    def beyond(self, press: Callable[[], None]) -> list[float]:
        """Return of three bursts by how many ms their active time is off what was typed, ascending."""
        self.until_idle()
        off = []
        for presses in (1, 4, 8):
            before = self.presence().active_ms
            began = time.monotonic()
            for _ in range(presses):
                press()
                last = time.monotonic()
                time.sleep(0.2)
            self.until_idle()
            off.append(abs(self.presence().active_ms - before - 1000 - (last - began) * 1000))
        return sorted(off)

    def until_idle(self) -> None:
        """Wait for a second without input."""
        self.until(lambda: isinstance(idle := self.presence().idle_ms, int) and idle >= 1000)


@pytest.fixture(scope="session")
def shared_desktop() -> Iterator[WaylandDesktop]:
    with WaylandDesktop() as desktop:
        yield desktop


def lead_to(desktop, monkeypatch):
    """Let programs of this process find the desktop, and no X server."""
    for name in ("DISPLAY", "XAUTHORITY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in desktop.places().items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def lead(monkeypatch) -> Callable[[WaylandDesktop], None]:
    """Lead this process to a desktop."""
    return lambda desktop: lead_to(desktop, monkeypatch)


@pytest.fixture
def desktop(shared_desktop, monkeypatch) -> Iterator[WaylandDesktop]:
    lead_to(shared_desktop, monkeypatch)
    yield shared_desktop
    shared_desktop.close_windows()


@pytest.fixture
def own_desktop(monkeypatch) -> Iterator[WaylandDesktop]:
    """A desktop of the test's own, which it may break."""
    with WaylandDesktop(width=640, height=400) as desktop:
        lead_to(desktop, monkeypatch)
        yield desktop


@pytest.fixture
def kwin(monkeypatch) -> Iterator[KWin]:
    with KWin(hands=True) as desktop:
        lead_to(desktop, monkeypatch)
        yield desktop


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[[], Hooks]]:
    """Start the plugin on whatever the environment says, and take a first reading."""

    def start_plugin() -> Hooks:
        hooks = Hooks()
        workdiary_wayland.workdiary_start(
            PluginContext(
                name="wayland",
                config=None,
                log=logging.getLogger("test"),
                state_directory=tmp_path,
                wake=lambda: hooks.wakes.append(time.monotonic()),
            )
        )
        hooks.presence()
        return hooks

    yield start_plugin
    workdiary_wayland.workdiary_stop()


@pytest.fixture
def hooks(desktop, start) -> Hooks:
    return start()
