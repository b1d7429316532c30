from __future__ import annotations

import re
import subprocess

import pytest

import workdiary_x11
from workdiary.payloads import Rect
from workdiary.testing.desktop import VirtualDesktop


def xwininfo(desktop, *arguments: str) -> Rect:
    said = subprocess.run(
        ["xwininfo", *arguments], env=desktop.env(), capture_output=True, text=True, check=True
    ).stdout
    x, y, width, height, border = (
        int(re.search(rf"{name}:\s+(-?\d+)", said)[1])
        for name in ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height", "Border width")
    )
    return Rect(x=x, y=y, width=width + 2 * border, height=height + 2 * border)


def frame_of(desktop, window) -> str:
    frame, parent = "", str(window.id)
    while parent:
        command = ["xwininfo", "-tree", "-id", parent]
        said = subprocess.run(command, env=desktop.env(), capture_output=True, text=True, check=True).stdout
        above = re.search(r"Parent window id: (0x\w+)(.*)", said)
        frame, parent = parent, "" if "root window" in above[2] else above[1]
    return frame


def test_windows_have_the_rectangles_that_xwininfo_gives_with_the_frame(desktop, hooks):
    one, two = desktop.open_window("One", "Editor"), desktop.open_window("Two", "Browser")
    found = hooks.survey().windows
    assert [(window.app, window.title) for window in found] == [("Browser", "Two"), ("Editor", "One")]
    for shown, window in zip(found, (two, one), strict=True):
        assert shown.rect == xwininfo(desktop, "-id", frame_of(desktop, window))
        assert shown.handle == f"{window.id:#x}"
    hooks.until(lambda: found[0].handle == hooks.window().handle)
    desktop.activate(one)
    hooks.until(lambda: hooks.survey().windows[0].title == "One")


def test_minimized_windows_are_not_on_the_screen(desktop, hooks):
    window = desktop.open_window("Hidden")
    desktop.xdotool("windowminimize", "--sync", str(window.id))
    hooks.until(lambda: hooks.survey().windows == ())


def test_menus_are_on_the_screen_though_no_window_manager_lists_them(desktop, hooks):
    desktop.open_window("Below")
    desktop.move(640, 400)
    desktop.xdotool("keydown", "ctrl", "mousedown", "1")
    try:
        hooks.until(lambda: len(hooks.survey().windows) == 2)
        menu, below = hooks.survey().windows
        assert below.title == "Below"
        assert menu.rect == xwininfo(desktop, "-id", menu.handle)
    finally:
        desktop.xdotool("mouseup", "1", "keyup", "ctrl")


def test_without_a_window_manager_every_mapped_window_is_found(monkeypatch):
    with VirtualDesktop(window_manager=False) as desktop:
        monkeypatch.setenv("DISPLAY", desktop.display)
        window = desktop.open_window("Alone", "Work")
        (found,) = workdiary_x11.survey_screen().windows
        assert (found.app, found.title) == ("Work", "Alone")
        assert found.rect == xwininfo(desktop, "-id", str(window.id))


def test_one_monitor_is_the_screen(desktop, hooks):
    (monitor,) = hooks.survey().monitors
    assert monitor.rect == Rect(x=0, y=0, width=1280, height=800)


def test_two_monitors_are_told_apart(desktop, hooks):
    xrandr(desktop, "--setmonitor", "left", "640/170x800/210+0+0", "screen")
    try:
        xrandr(desktop, "--setmonitor", "right", "640/170x800/210+640+0", "none")
        assert {(monitor.name, monitor.rect.x, monitor.rect.width) for monitor in hooks.survey().monitors} == {
            ("left", 0, 640),
            ("right", 640, 640),
        }
    finally:
        xrandr(desktop, "--delmonitor", "left")
        xrandr(desktop, "--delmonitor", "right")


def xrandr(desktop, *arguments: str) -> None:
    subprocess.run(["xrandr", *arguments], env=desktop.env(), capture_output=True, check=True)


def test_the_survey_starts_no_watching(desktop, start, monkeypatch):
    monkeypatch.setattr(workdiary_x11.watched, "watcher", lambda: pytest.fail("watching began"))
    assert workdiary_x11.workdiary_survey_screen(None).monitors
