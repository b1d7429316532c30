"""The project's own kit: on macOS with real readings, elsewhere with the reason why there is none."""

from __future__ import annotations

import sys

import pytest

from workdiary.testing.policy import PolicyContract
from workdiary.testing.screen import SurveyContract
from workdiary.testing.sources import InputMeterContract, PresenceContract, WindowProbeContract
from workdiary_macos.api import Mac
from workdiary_macos.counts import NOTHING_COUNTED, Counts

ON_MACOS = sys.platform == "darwin"


class OnThisSystem:
    @pytest.fixture
    def entry_point(self) -> str:
        return "macos"

    @pytest.fixture
    def readable(self) -> bool:
        return ON_MACOS


class OnTheScreen(OnThisSystem):
    @pytest.fixture
    def readable(self) -> bool:
        if ON_MACOS and not Mac().may_record():
            pytest.skip("this process has not the permission Screen Recording")
        return ON_MACOS


class TestCounts(OnThisSystem, InputMeterContract):
    if not ON_MACOS:
        test_the_meter_answers_from_memory = None

    @pytest.fixture
    def readable(self) -> bool:
        if ON_MACOS and Counts(Mac()).read() == NOTHING_COUNTED:
            pytest.skip(NOTHING_COUNTED.reason)
        return ON_MACOS


class TestWindow(OnTheScreen, WindowProbeContract):
    if not ON_MACOS:
        test_the_probe_answers_from_memory = None


class TestPresence(OnThisSystem, PresenceContract):
    if not ON_MACOS:
        test_presence_comes_from_memory = None


class TestSurvey(OnTheScreen, SurveyContract):
    if not ON_MACOS:
        test_the_map_makes_sense = None


class TestPolicy(OnThisSystem, PolicyContract):
    pass
