"""The project's own kit, on a real compositor."""

from __future__ import annotations

import pytest

from workdiary.testing import GrabberContract, PluginContract, PresenceContract, WindowProbeContract


class OnSway:
    @pytest.fixture(autouse=True)
    def _desktop(self, desktop):
        """Lead the plugin to the virtual desktop."""

    @pytest.fixture
    def entry_point(self):
        return "wayland"

    @pytest.fixture
    def can_type(self, desktop):
        return lambda *, keys, clicks, scrolls: desktop.key(*["a"] * keys)

    @pytest.fixture
    def can_focus(self, desktop):
        def open_window():
            desktop.open_window("In focus")
            return "In focus"

        return open_window

    @pytest.fixture
    def can_paint(self, desktop):
        def paint():
            desktop.open_window("Paint", colour="c0b0a0")
            return 640, 600, (0xA0, 0xB0, 0xC0)

        return paint


class TestPlugin(OnSway, PluginContract):
    pass


class TestWindow(OnSway, WindowProbeContract):
    pass


class TestPresence(OnSway, PresenceContract):
    pass


class TestGrabber(OnSway, GrabberContract):
    pass
