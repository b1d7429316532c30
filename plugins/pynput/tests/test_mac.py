"""What macOS does not say, told by what it says of the devices; against functions that answer what was written down."""

from __future__ import annotations

import pytest

from workdiary_pynput.counter import Counter
from workdiary_pynput.mac import BUTTONS, KEY_DOWN, SCROLL, SECURED, SWITCHED_OFF, Control
from workdiary_pynput.meter import Meter


class Devices:
    """``last``: when a type of event came last from a device, by the same clock as the counter's."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.last = dict.fromkeys((KEY_DOWN, SCROLL, *BUTTONS), 500.0)  # before counting began
        self.secured = False
        self.counter = Counter(lambda: None, clock=lambda: self.now)
        self.control = Control(lambda kind: self.now - self.last[kind], lambda: self.secured)

    def press(self, *, told: bool = True) -> None:
        self.last[KEY_DOWN] = self.now
        if told:
            self.counter.on_press("a")
            self.counter.on_release("a")

    def click(self, *, told: bool = True) -> None:
        self.last[BUTTONS[0]] = self.now
        if told:
            self.counter.on_click(0, 0, "left", pressed=True)

    def why(self) -> str:
        return self.control.why_untold(self.counter)


@pytest.fixture
def devices():
    return Devices()


def test_quiet_is_no_fault_however_long(devices):
    for _ in range(5):
        devices.now += 10_000
        assert devices.why() == ""


def test_events_that_are_told_are_no_fault(devices):
    for _ in range(20):
        devices.now += 7
        devices.press()
        devices.click()
        assert devices.why() == ""


@pytest.mark.parametrize("act", [Devices.press, Devices.click])
def test_a_listener_that_macos_has_switched_off_is_known_by_the_first_event_that_it_is_not_told(devices, act):
    devices.now += 60
    act(devices, told=True)
    devices.now += 60
    act(devices, told=False)
    assert devices.why() == SWITCHED_OFF


def test_an_event_on_its_way_is_no_fault(devices):
    devices.now += 1.5
    devices.press(told=False)
    assert devices.why() == ""


def test_secured_input_is_unknown_and_what_is_counted_after_it_is_another_run(devices):
    meter = Meter(lambda: None)
    meter._control, meter._counter = devices.control, devices.counter
    before = meter.read()
    assert meter.why_untold() == ""
    assert meter.read().since == before.since
    devices.secured = True
    assert meter.why_untold() == SECURED
    devices.secured = False
    assert meter.read().since != before.since
