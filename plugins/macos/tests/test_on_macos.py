"""macOS itself. A permission that this process has not is a skip with its reason. Not yet run on a Mac by us."""

from __future__ import annotations

import ctypes
import sys
import time

import pytest

from workdiary.payloads import ScreenMap, Unknown, Window
from workdiary_macos import screen
from workdiary_macos.api import Mac
from workdiary_macos.calls import FRAMEWORKS, SIGNATURES
from workdiary_macos.counts import BUTTONS, FLAGS_CHANGED, KEY_DOWN

if sys.platform != "darwin":
    pytest.skip("macOS", allow_module_level=True)

F13 = 0x69  #: kVK_F13 of Carbon's Events.h, which does nothing


@pytest.fixture
def mac() -> Mac:
    return Mac()


@pytest.fixture
def recording(mac) -> Mac:
    if not mac.may_record():
        pytest.skip("this process has not the permission Screen Recording")
    return mac


@pytest.fixture
def keyboard():
    ask = ctypes.CDLL(FRAMEWORKS.format(name="CoreGraphics")).CGPreflightPostEventAccess
    ask.restype = ctypes.c_bool
    if not ask():
        pytest.skip("this process has not the permission to post events, which Accessibility gives")
    from pynput import keyboard

    return keyboard


def test_every_function_is_there(mac):
    assert len(vars(mac._call)) == len(SIGNATURES)


def test_idle_time_runs(mac):
    before = mac.idle_ms()
    time.sleep(0.3)
    assert before >= 0
    assert mac.idle_ms() >= 0


def test_counters_are_numbers_that_never_fall(mac):
    kinds = (KEY_DOWN, FLAGS_CHANGED, *BUTTONS)
    before = [mac.count(kind) for kind in kinds]
    assert all(now >= then >= 0 for now, then in zip(map(mac.count, kinds), before, strict=True))


def test_displays_have_a_size_and_one_is_the_main_one(mac):
    found = mac.displays()
    if not found:
        pytest.skip("this machine has no display")
    assert [main for _, main, _ in found].count(True) == 1
    assert all(min(place[2:]) > 0 for *_, place in found)


def test_without_the_permission_no_window_of_others_has_a_name(mac):
    """What the fake claims of macOS, and the test for a withdrawn permission rests on."""
    if mac.may_record():
        pytest.skip("this process has the permission Screen Recording")
    assert isinstance(screen.active(mac), Unknown)
    assert screen.why_hidden(mac) == screen.FORBIDDEN
    ours = {one.process for one in mac.windows() if one.title is not None and one.layer == 0}
    assert not ours


def test_with_the_permission_windows_are_told(recording):
    assert isinstance(screen.active(recording), Window)
    assert isinstance(screen.survey(recording), ScreenMap)


def test_a_key_that_is_posted_is_one_key_and_ends_the_idle_time(mac, keyboard):
    before = mac.count(KEY_DOWN)
    keyboard.Controller().tap(keyboard.KeyCode.from_vk(F13))
    end = time.monotonic() + 2
    while mac.count(KEY_DOWN) == before and time.monotonic() < end:
        time.sleep(0.02)
    assert mac.count(KEY_DOWN) - before == 1
    assert mac.idle_ms() < 2000
