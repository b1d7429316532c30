from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import workdiary_mss
from workdiary.payloads import Cause, Occasion, Rect
from workdiary_mss import session

OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="c")
SCREEN = Rect(x=0, y=0, width=320, height=200)


def grab():
    return workdiary_mss.workdiary_grab_screen(OCCASION)


def paint(desktop, colour):
    subprocess.run(["xsetroot", "-solid", colour], env=desktop.env(), check=True, timeout=10)


def pixel(frame, x, y):
    at = (y * frame.width + x) * 4
    return tuple(frame.pixels[at : at + 3])


@pytest.mark.skipif(shutil.which("xsetroot") is None, reason="xsetroot paints the screen (x11-xserver-utils)")
def test_the_pixels_are_those_on_the_screen_as_blue_green_red(desktop):
    paint(desktop, "#102030")
    (frame,) = grab()
    assert (frame.rect, frame.width, frame.height) == (SCREEN, 320, 200)
    assert len(frame.pixels) == 320 * 200 * 4
    assert pixel(frame, 0, 0) == pixel(frame, 319, 199) == (0x30, 0x20, 0x10)


@pytest.mark.skipif(shutil.which("xsetroot") is None, reason="xsetroot paints the screen (x11-xserver-utils)")
def test_each_capture_sees_the_screen_anew(desktop):
    seen = []
    for colour in ("#000001", "#000002", "#000003"):
        paint(desktop, colour)
        seen.append(pixel(grab()[0], 5, 5)[0])
    assert seen == [1, 2, 3]


@pytest.mark.skipif(shutil.which("xrandr") is None, reason="xrandr splits the screen (x11-xserver-utils)")
def test_every_monitor_is_a_frame_and_a_new_one_is_seen_at_once(desktop):
    def xrandr(*words):
        subprocess.run(["xrandr", *words], env=desktop.env(), check=True, timeout=10)

    xrandr("--setmonitor", "left", "100/30x200/60+0+0", "screen")
    xrandr("--setmonitor", "right", "220/60x200/60+100+0", "none")
    try:
        frames = grab()
    finally:
        xrandr("--delmonitor", "left")
        xrandr("--delmonitor", "right")
    assert sorted((frame.rect.x, frame.rect.width) for frame in frames) == [(0, 100), (100, 220)]
    assert all(len(frame.pixels) == frame.width * frame.height * 4 for frame in frames)
    assert len(grab()) == 1


def test_two_hundred_captures_leave_no_handle_open(desktop):
    grab()
    before = open_handles()
    for _ in range(200):
        assert isinstance(grab(), tuple)
    assert open_handles() <= before


def open_handles():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_doctor_is_told_what_can_be_read(desktop, monkeypatch):
    (good,) = workdiary_mss.workdiary_checks()
    assert (good.ok, good.detail) == (True, "1 monitor(s) can be read")
    monkeypatch.setattr(session, "why_forbidden", lambda: "not granted")
    (bad,) = workdiary_mss.workdiary_checks()
    assert (bad.ok, bad.detail) == (False, "not granted")
    assert bad.remedy
