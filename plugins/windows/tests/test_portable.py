"""The portable plugins on a Windows, or in wine: counts, window and picture."""

from __future__ import annotations

import sys
import time

import pytest

if sys.platform != "win32":
    pytest.skip("Windows, or contrib/wine/run", allow_module_level=True)


@pytest.fixture
def meter():
    from workdiary_pynput.meter import Meter

    found = Meter(lambda: None)
    found.start()
    time.sleep(0.3)
    yield found
    began = time.monotonic()
    found.stop()
    assert time.monotonic() - began < 1


def test_pywinctl_names_the_same_window(hooks, notepad):
    from workdiary_pywinctl.window import connect

    found = connect().read()
    assert (found.title, found.handle) == (hooks.window().title, hooks.window().handle)
    assert found.app.lower().startswith("notepad")


def test_each_key_click_and_step_is_counted_once(meter, notepad, tap, until):
    from pynput.mouse import Button, Controller

    mouse, before = Controller(), meter.read()
    for key in "hello":
        tap(key)
    mouse.click(Button.left, 3)
    mouse.scroll(0, 2)
    counted = until(lambda: meter.read() if meter.read().scrolls - before.scrolls == 2 else None)
    assert (counted.keys - before.keys, counted.clicks - before.clicks) == (5, 3)


def test_a_held_key_is_one(meter, keyboard, notepad):
    before = meter.read().keys
    for _ in range(20):  # as the hook gets the repeats of a keyboard
        keyboard.press("x")
        time.sleep(0.01)
    keyboard.release("x")
    time.sleep(0.2)
    assert meter.read().keys - before == 1


def test_the_picture_has_the_screens_size_and_shows_the_window(hooks, notepad, until):
    from workdiary_mss.capture import capture

    found = hooks.survey()
    rect = found.windows[0].rect

    def is_drawn():
        (frame,) = capture()
        assert (frame.rect, frame.width, frame.height) == (found.monitors[0].rect, frame.rect.width, frame.rect.height)
        at = ((rect.y + rect.height // 2) * frame.width + rect.x + rect.width // 2) * 4
        return frame.pixels[at : at + 3] == b"\xff\xff\xff"  # a notepad's paper

    until(is_drawn)
