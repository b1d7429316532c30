"""What every plugin and every grabber promises."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from workdiary.testing import GrabberContract, PluginContract


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


@pytest.mark.usefixtures("desktop", "blind")
class TestMssOnWayland(GrabberContract):
    @pytest.fixture
    def entry_point(self):
        return "mss"

    @pytest.fixture
    def blind(self, desktop, monkeypatch):
        monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")

    @pytest.fixture
    def readable(self):
        return False
