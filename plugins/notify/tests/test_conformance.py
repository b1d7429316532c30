"""What every plugin and every notifier promises."""

from __future__ import annotations

import pytest

from workdiary.testing import NotifierContract, PluginContract


class Notify:
    @pytest.fixture
    def entry_point(self):
        return "notify"


class TestWithService(Notify, PluginContract, NotifierContract):
    @pytest.fixture
    def shown(self, make_service):
        service = make_service()
        return lambda: str([body for _, body in list(service.shown.queue)])


class TestWithoutService(Notify, NotifierContract):
    @pytest.fixture(autouse=True)
    def _bus(self, bus):
        pass
