from __future__ import annotations

import pytest

from workdiary.testing import PluginContract


class TestTray(PluginContract):
    @pytest.fixture
    def entry_point(self):
        return "tray"
