"""The project's own kit."""

from __future__ import annotations

import pytest

from workdiary.testing import PluginContract, PresenceContract
from workdiary_session.testing import Logind, Saver


class OnBuses:
    @pytest.fixture(autouse=True)
    def _buses(self, making, system, desk):
        making(Logind(system))
        making(Saver(desk))

    @pytest.fixture
    def entry_point(self):
        return "session"


class TestPlugin(OnBuses, PluginContract):
    pass


class TestPresence(OnBuses, PresenceContract):
    pass
