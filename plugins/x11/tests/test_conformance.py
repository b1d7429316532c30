"""The project's own kit, on a real desktop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workdiary.testing.plugin import PluginContract
from workdiary.testing.screen import SurveyContract
from workdiary.testing.sources import InputMeterContract, PresenceContract, WindowProbeContract

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.testing.sources import Typist


class OnDesktop:
    @pytest.fixture(autouse=True)
    def _desktop(self, desktop):
        """Lead the plugin to the virtual desktop."""

    @pytest.fixture
    def entry_point(self) -> str:
        return "x11"

    @pytest.fixture
    def can_type(self, desktop) -> Typist:
        def type_and_click(*, keys: int, clicks: int, scrolls: int) -> None:
            desktop.key(*["a"] * keys)
            for button, times in ((1, clicks), (5, scrolls)):
                if times:
                    desktop.click(button, repeat=times)

        return type_and_click

    @pytest.fixture
    def can_focus(self, desktop) -> Callable[[], str]:
        def open_window() -> str:
            desktop.open_window("In focus")
            return "In focus"

        return open_window


class WithoutDisplay:
    @pytest.fixture
    def entry_point(self) -> str:
        return "x11"

    @pytest.fixture
    def readable(self, monkeypatch) -> bool:
        monkeypatch.delenv("DISPLAY", raising=False)
        return False


class TestPlugin(OnDesktop, PluginContract):
    pass


class TestInput(OnDesktop, InputMeterContract):
    pass


class TestWindow(OnDesktop, WindowProbeContract):
    pass


class TestPresence(OnDesktop, PresenceContract):
    pass


class TestSurvey(OnDesktop, SurveyContract):
    pass


# From memory it can answer nothing without a display, so only the first promise of each contract applies.
class TestInputWithoutDisplay(WithoutDisplay, InputMeterContract):
    test_the_meter_answers_from_memory = None


class TestSurveyWithoutDisplay(WithoutDisplay, SurveyContract):
    test_the_map_makes_sense = None
