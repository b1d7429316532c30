"""pynput's own listeners for macOS behind our meter, on taps that do as documented; a process for each test."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workdiary_pynput.mac import REMEDY, SECURED, SWITCHED_OFF

HERE = Path(__file__).parent
SHIFT = "happen(FLAGS, kCGKeyboardEventKeycode=0x38, flags={})"
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the stand-ins are for Linux")


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    if shutil.which("cc") is None:
        pytest.skip("the stand-ins need a C compiler")
    made = tmp_path_factory.mktemp("fakecarbon") / "library.so"
    source = HERE / "fakecarbon.c"
    subprocess.run(["cc", "-shared", "-fPIC", "-w", "-o", str(made), str(source)], check=True, timeout=60)
    return made


@pytest.fixture
def mac(library):
    def run(*words):
        command = [sys.executable, str(HERE / "on_fake_mac.py"), str(library), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_keys_clicks_and_the_wheel_are_counted_once_without_repeat(mac):
    started, keys, held, shifted, clicks, scrolls, _ = mac(
        "for code in (0, 1, 2): key(code)",
        "key(5, times=20)",
        f"{SHIFT.format(0x20000)}; key(3); {SHIFT.format(0)}",
        "happen(LEFT_DOWN); happen(LEFT_UP); happen(RIGHT_DOWN); happen(OTHER_DOWN)",
        "happen(SCROLL, kCGScrollWheelEventDeltaAxis1=-2); happen(SCROLL, kCGScrollWheelEventDeltaAxis2=1)",
    )
    assert started == ""
    assert [keys, held, shifted, clicks, scrolls] == [[3, 0, 0], [4, 0, 0], [6, 0, 0], [6, 3, 0], [6, 3, 3]]


def test_motion_is_not_even_asked_for(mac):
    *_, (_, mouse) = mac("happen(MOVED)")
    assert mouse == sum(1 << kind for kind in (1, 3, 25, 22))


def test_without_the_permission_it_does_not_begin_and_says_how_to_mend_it(mac):
    (kind, message, _), *_ = mac("refuse")
    assert kind == "NotHereError"
    assert "Input Monitoring" in message
    assert REMEDY.rstrip(".") in message


def test_a_tap_that_macos_denies_although_it_said_yes_is_told_with_the_remedy(mac):
    """pynput's own listener ends without a word then, and goes on saying that it runs."""
    (kind, message, remedy), *_ = mac("no-tap")
    assert (kind, remedy) == ("ListenerError", REMEDY)
    assert message == "macOS tells the keyboard listener nothing, as without a permission"


@pytest.mark.parametrize(
    "event", ["key(1)", "happen(LEFT_DOWN)", "happen(RIGHT_DOWN)", "happen(OTHER_DOWN)", "happen(SCROLL)"]
)
def test_a_tap_switched_off_by_a_time_out_is_unknown_from_the_first_event_that_it_is_not_told(mac, event):
    _, before, quiet, lost, _ = mac("key(0)", "switch_off()", event)
    assert (before, quiet, lost) == ([1, 0, 0], [1, 0, 0], SWITCHED_OFF)


def test_a_permission_that_is_withdrawn_meanwhile_is_unknown_and_no_zero(mac):
    """macOS tells nothing any more, and does not end the listener."""
    _, before, after, _ = mac("key(0)", "key(1, told=False)")
    assert (before, after) == ([1, 0, 0], SWITCHED_OFF)


def test_secured_input_is_unknown_as_long_as_it_lasts_and_no_fault_of_the_tap_behind_it(mac):
    _, _, during, behind, after, _ = mac(
        "pass", "library.fake_secured(1); key(0, told=False)", "library.fake_secured(0)", "key(1)"
    )
    assert (during, behind, after) == (SECURED, [0, 0, 0], [1, 0, 0])
