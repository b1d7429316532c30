from __future__ import annotations

import pytest

from workdiary.testing import PluginContract


class TestDemo(PluginContract):
    @pytest.fixture
    def entry_point(self):
        return "demo"
