"""What core is told."""

from __future__ import annotations

import os
import signal
import time

import inputbed
import pytest
from inputbed import BTN_LEFT, BTN_TOUCH, KEY_A

import workdiary_evdev
from workdiary.errors import WorkdiaryError
from workdiary.payloads import InputCounts, Unknown

pytestmark = pytest.mark.usefixtures("on_testbed")


def totals(counts):
    return counts.keys, counts.clicks, counts.scrolls


def child(hooks) -> int:
    return workdiary_evdev._plugin._watcher._session._stream._child.pid


def test_what_is_typed_is_told_and_core_is_woken(keyboard, mouse, start):
    hooks = start()
    assert totals(hooks.counts()) == (0, 0, 0)
    time.sleep(1.1)
    began = time.monotonic()
    keyboard.press(KEY_A)
    hooks.until(lambda counts: counts.keys == 1)
    assert time.monotonic() - began < 0.5, "the first press after quiet is told at once"
    assert hooks.wakes
    keyboard.press(KEY_A, times=6)
    mouse.press(BTN_LEFT, times=2)
    assert totals(hooks.until(lambda counts: counts.keys == 7 and counts.clicks == 2)) == (7, 2, 0)


def test_clicks_and_scrolls_are_unknown_once_a_touchpad_is_used_and_keys_are_not(testbed, keyboard, start):
    pad = testbed.plug(inputbed.TOUCHPAD)
    hooks = start()
    pad.press(BTN_TOUCH)
    pad.press(BTN_LEFT)
    keyboard.press(KEY_A, times=2)
    counts = hooks.until(lambda counts: counts.keys == 2)
    assert isinstance(counts.clicks, Unknown)
    assert isinstance(counts.scrolls, Unknown)


def test_no_keyboard_and_no_mouse_is_unknown_until_there_is_one(testbed, start):
    testbed.plug(inputbed.SENSOR)
    hooks = start()
    assert "no keyboard" in hooks.counts().reason
    keyboard = testbed.plug(inputbed.KEYBOARD)
    hooks.until(lambda counts: isinstance(counts, InputCounts))
    keyboard.press(KEY_A)
    hooks.until(lambda counts: counts.keys == 1)


def test_a_killed_counter_is_unknown_and_then_another_run(keyboard, start):
    hooks = start()
    first = hooks.counts()
    os.kill(child(hooks), signal.SIGKILL)
    assert "went away" in hooks.until(lambda counts: isinstance(counts, Unknown)).reason
    second = hooks.until(lambda counts: isinstance(counts, InputCounts))
    assert second.since != first.since


def test_stopping_leaves_no_process(keyboard, start):
    hooks = start()
    pid = child(hooks)
    workdiary_evdev.workdiary_stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_counter_that_says_nothing_is_an_error_with_a_remedy(keyboard, start, tmp_path, monkeypatch):
    (tmp_path / "mute.py").write_text("import time; time.sleep(60)")
    monkeypatch.setattr("workdiary_evdev.stream.PROGRAM", tmp_path / "mute.py")
    monkeypatch.setattr("workdiary_evdev.stream.PATIENCE", 0.2)
    with pytest.raises(WorkdiaryError, match="does not answer") as error:
        start()
    assert "workdiary evdev setup" in error.value.remedy


@pytest.mark.parametrize("said", [b"hello\n", b"r 1 2 3 good\n", b"r 1 2 ok\n", b"r 1 2 x ok\n", b"x" * 5000])
def test_a_counter_that_talks_nonsense_is_an_error(keyboard, start, tmp_path, monkeypatch, said):
    (tmp_path / "odd.py").write_text(f"import os, time; os.write(0, {said!r}); time.sleep(60)")
    monkeypatch.setattr("workdiary_evdev.stream.PROGRAM", tmp_path / "odd.py")
    with pytest.raises(WorkdiaryError, match="nonsense"):
        start()


def test_no_code_of_a_key_gets_into_this_process(keyboard, start, monkeypatch):
    received = []
    monkeypatch.setattr("workdiary_evdev.session.parse", lambda line: received.append(line) or Unknown(reason="test"))
    start()
    keyboard.press(0x77, times=3)
    end = time.monotonic() + 5
    while len(received) < 2:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert [len(line.split()) for line in received] == [5] * len(received)
    assert b"119" not in b" ".join(line.partition(b" ")[2] for line in received)
