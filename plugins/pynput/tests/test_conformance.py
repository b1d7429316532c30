"""What every plugin and every input meter promises."""

from __future__ import annotations

import pytest

from workdiary.testing import InputMeterContract, PluginContract
from workdiary.testing.desktop import VirtualDesktop
from workdiary.testing.wayland import WaylandDesktop


@pytest.fixture(scope="module")
def screen():
    with VirtualDesktop(width=400, height=300, window_manager=False) as screen:
        yield screen


@pytest.fixture
def desktop(screen, monkeypatch):
    monkeypatch.setenv("DISPLAY", screen.display)
    return screen


@pytest.mark.usefixtures("desktop")
class TestPynput(PluginContract, InputMeterContract):
    @pytest.fixture
    def entry_point(self):
        return "pynput"

    @pytest.fixture
    def can_type(self, desktop):
        def can_type(*, keys, clicks, scrolls):
            desktop.key(*["a"] * keys)
            desktop.click(1, repeat=clicks)
            desktop.click(4, repeat=scrolls)

        return can_type


@pytest.mark.usefixtures("blind")
class TestPynputOnWayland(InputMeterContract):
    @pytest.fixture
    def entry_point(self):
        return "pynput"

    @pytest.fixture
    def blind(self, monkeypatch):
        with WaylandDesktop() as wayland:
            monkeypatch.setenv("DISPLAY", wayland.start_xwayland())
            yield

    @pytest.fixture
    def readable(self):
        return False

    test_the_meter_answers_from_memory = None  # there is no meter
