"""What every plugin and every window probe promises."""

from __future__ import annotations

import pytest

from workdiary.testing import PluginContract, WindowProbeContract
from workdiary.testing.desktop import VirtualDesktop
from workdiary.testing.wayland import WaylandDesktop


@pytest.fixture(scope="module")
def screen():
    with VirtualDesktop(width=400, height=300) as screen:
        yield screen


@pytest.fixture
def desktop(screen, monkeypatch):
    monkeypatch.setenv("DISPLAY", screen.display)
    return screen


@pytest.mark.usefixtures("desktop")
class TestPywinctl(PluginContract, WindowProbeContract):
    @pytest.fixture
    def entry_point(self):
        return "pywinctl"

    @pytest.fixture
    def can_focus(self, desktop):
        windows = []

        def can_focus():
            windows.append(desktop.open_window("Conformance"))
            return "Conformance"

        yield can_focus
        for window in windows:
            window.close()


@pytest.mark.usefixtures("blind")
class TestPywinctlOnWayland(WindowProbeContract):
    @pytest.fixture
    def entry_point(self):
        return "pywinctl"

    @pytest.fixture
    def blind(self, monkeypatch):
        with WaylandDesktop() as wayland:
            monkeypatch.setenv("DISPLAY", wayland.start_xwayland())
            yield

    @pytest.fixture
    def readable(self):
        return False

    test_the_probe_answers_from_memory = None  # there is no probe
