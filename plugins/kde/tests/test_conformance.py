"""The project's own kit, on a real KWin."""

from __future__ import annotations

import pytest

from workdiary.testing import PluginContract, WindowProbeContract


class OnKWin:
    @pytest.fixture(autouse=True)
    def _desktop(self, kwin):
        """Lead the plugin to the virtual desktop."""

    @pytest.fixture
    def entry_point(self):
        return "kde"

    @pytest.fixture
    def can_focus(self, kwin):
        opened = []

        def open_window():
            opened.append(kwin.open_window("In focus"))
            return "In focus"

        yield open_window
        for window in opened:
            window.close()


class TestPlugin(OnKWin, PluginContract):
    pass


class TestWindow(OnKWin, WindowProbeContract):
    pass
