"""The project's own kit: on Windows with real readings, elsewhere with the reason why there is none."""

from __future__ import annotations

import sys

import pytest

from workdiary.testing.screen import SurveyContract
from workdiary.testing.sources import PresenceContract, WindowProbeContract

ON_WINDOWS = sys.platform == "win32"


class OnThisSystem:
    @pytest.fixture
    def entry_point(self) -> str:
        return "windows"

    @pytest.fixture
    def readable(self) -> bool:
        return ON_WINDOWS


class TestWindow(OnThisSystem, WindowProbeContract):
    if not ON_WINDOWS:
        test_the_probe_answers_from_memory = None


class TestPresence(OnThisSystem, PresenceContract):
    if not ON_WINDOWS:
        test_presence_comes_from_memory = None


class TestSurvey(OnThisSystem, SurveyContract):
    if not ON_WINDOWS:
        test_the_map_makes_sense = None
