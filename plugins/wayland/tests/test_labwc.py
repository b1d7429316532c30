"""The same protocols by another compositor: labwc, which is there in contrib/desktops/run only."""

from __future__ import annotations

import io
import shutil
import time

import pytest
from PIL import Image

from workdiary.payloads import Unknown, Window
from workdiary.testing.wayland import LabwcDesktop

pytestmark = pytest.mark.skipif(shutil.which("labwc") is None, reason="labwc is there in contrib/desktops/run only")


@pytest.fixture
def desktop(lead):
    with LabwcDesktop() as found:
        lead(found)
        yield found


def test_another_title_is_seen_within_a_tenth_of_a_second_and_another_window_asks_for_a_tick(desktop, start):
    hooks = start()
    first = desktop.open_window("Aside", "mail", "c0a080")
    hooks.until(lambda: hooks.title() == "Aside")
    hooks.wakes.clear()
    second = desktop.open_window("Chapter 1", "editor")
    hooks.until(lambda: hooks.window() == Window(app="editor", title="Chapter 1", handle=hooks.window().handle))
    assert hooks.wakes
    second.set_title("Chapter 2")
    assert hooks.until(lambda: hooks.title() == "Chapter 2") < 0.1
    second.close()
    hooks.until(lambda: hooks.title() == "Aside")
    first.close()


def test_it_is_what_grim_sees(desktop, start):
    hooks = start()
    desktop.open_window("Aside", "mail", "c0a080")
    hooks.until(lambda: hooks.title() == "Aside")
    time.sleep(0.5)  # until everything is drawn
    (frame,) = hooks.grab()
    seen = Image.open(io.BytesIO(desktop.run("grim", "-t", "ppm", "-"))).convert("RGBX")
    assert (frame.width, frame.height) == seen.size
    assert frame.pixels[0::4] == seen.tobytes()[2::4]
    assert frame.pixels[1::4] == seen.tobytes()[1::4]
    assert len(set(frame.pixels[0::4])) > 1


def test_active_time_is_that_of_the_bursts_to_fifty_milliseconds(desktop, start):
    hooks = start()
    desktop.open_window("Typed into")
    off = hooks.beyond(lambda: desktop.key("a"))
    assert off[1] <= 50, off
    assert off[2] <= 200, off


def test_a_restart_is_survived(desktop, start):
    hooks = start()
    desktop.open_window("Before")
    hooks.until(lambda: hooks.title() == "Before")
    desktop.kill_compositor()
    hooks.until(lambda: isinstance(hooks.window(), Unknown))
    desktop.start_compositor()
    desktop.open_window("After")
    hooks.until(lambda: hooks.title() == "After", 10)
