from __future__ import annotations

import pytest

from workdiary.testing.plugin import PluginContract
from workdiary.testing.screen import GrabberContract


class OnPortal:
    @pytest.fixture
    def entry_point(self) -> str:
        return "portal"


class TestPlugin(OnPortal, PluginContract):
    @pytest.fixture(autouse=True)
    def _on_a_portal(self, portal):
        """Lead the plugin to a portal."""


class TestGrabber(OnPortal, GrabberContract):
    @pytest.fixture(autouse=True)
    def _nobody_has_allowed_it(self, portal):
        """Lead the plugin to a portal."""

    @pytest.fixture
    def readable(self) -> bool:
        return False
