"""The project's own kit, on the devices of a testbed."""

from __future__ import annotations

import inputbed
import pytest

from workdiary.testing.plugin import PluginContract
from workdiary.testing.sources import InputMeterContract


class OnDevices:
    @pytest.fixture(autouse=True)
    def _devices(self, on_testbed, keyboard, mouse):
        """Give the plugin a keyboard and a mouse."""

    @pytest.fixture
    def entry_point(self):
        return "evdev"

    @pytest.fixture
    def can_type(self, keyboard, mouse):
        def type_and_click(*, keys, clicks, scrolls):
            keyboard.press(inputbed.KEY_A, times=keys)
            mouse.press(inputbed.BTN_LEFT, times=clicks)
            for _ in range(scrolls):
                mouse.tell((inputbed.REL, inputbed.REL_WHEEL, -1))

        return type_and_click


class TestPlugin(OnDevices, PluginContract):
    pass


class TestInput(OnDevices, InputMeterContract):
    pass


# From memory it can answer nothing without a device, so only the first promise applies.
class TestInputWithoutDevices(InputMeterContract):
    test_the_meter_answers_from_memory = None

    @pytest.fixture
    def entry_point(self):
        return "evdev"

    @pytest.fixture
    def readable(self, on_testbed):
        return False
