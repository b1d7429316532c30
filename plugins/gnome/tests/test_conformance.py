"""The project's own kit."""

from __future__ import annotations

import pytest

from workdiary.testing import PluginContract, PresenceContract, WindowProbeContract


class OnGnome:
    @pytest.fixture(autouse=True)
    def _desktop(self, shell):
        """Lead the plugin to the desktop."""

    @pytest.fixture
    def entry_point(self):
        return "gnome"

    @pytest.fixture
    def can_type(self, shell):
        return lambda *, keys, clicks, scrolls: [shell.key() for _ in range(keys)]

    @pytest.fixture
    def can_focus(self, shell):
        opened = []

        def open_window():
            opened.append(shell.open_window("In focus"))
            return "In focus"

        yield open_window
        for window in opened:
            window.close()


class TestPlugin(OnGnome, PluginContract):
    pass


class TestWindow(OnGnome, WindowProbeContract):
    pass


class TestPresence(OnGnome, PresenceContract):
    pass
