"""What every plugin and every grabber promises."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from workdiary.testing import GrabberContract, PluginContract
from workdiary.testing.wayland import WaylandDesktop


@pytest.mark.usefixtures("desktop")
class TestMss(PluginContract, GrabberContract):
    @pytest.fixture
    def entry_point(self):
        return "mss"

    @pytest.fixture
    def can_paint(self, desktop):
        if shutil.which("xsetroot") is None:
            return None

        def paint():
            subprocess.run(["xsetroot", "-solid", "#a0b0c0"], env=desktop.env(), check=True, timeout=10)
            return 17, 33, (0xC0, 0xB0, 0xA0)

        return paint


@pytest.mark.usefixtures("blind")
class TestMssOnWayland(GrabberContract):
    @pytest.fixture
    def entry_point(self):
        return "mss"

    @pytest.fixture
    def blind(self, monkeypatch):
        with WaylandDesktop() as wayland:
            monkeypatch.setenv("DISPLAY", wayland.start_xwayland())
            yield

    @pytest.fixture
    def readable(self):
        return False
