"""What every plugin and every privacy filter promises."""

from __future__ import annotations

import pytest

from workdiary.payloads import Rect, VisibleWindow
from workdiary.testing import PluginContract, RedactorContract
from workdiary.testing.redactor import make_snapshot

PLACE = Rect(x=10, y=10, width=100, height=80)


class TestRedact(PluginContract, RedactorContract):
    @pytest.fixture
    def entry_point(self):
        return "redact"

    @pytest.fixture
    def table(self):
        return 'exclude_titles = ["bank"]\nmask_apps = ["chat"]'

    @pytest.fixture(params=["exclude", "mask"])
    def secret(self, request):
        if request.param == "exclude":
            return make_snapshot(VisibleWindow(app="Web", title="My Bank", rect=PLACE)), (PLACE,), ("My Bank", "Web")
        return make_snapshot(VisibleWindow(app="Chat", title="dear diary", rect=PLACE)), (PLACE,), ("dear diary",)
