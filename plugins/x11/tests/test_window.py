from __future__ import annotations

import subprocess
import time

import pytest

from workdiary.payloads import Unknown
from workdiary.testing.desktop import VirtualDesktop


def test_a_window_change_is_seen_within_100_ms_and_wakes(desktop, hooks):
    one, two = desktop.open_window("One", "Editor"), desktop.open_window("Two", "Browser")
    hooks.until(lambda: hooks.window().title == "Two")
    took = []
    for window, title in ((one, "One"), (two, "Two"), (one, "One")):
        hooks.wakes.clear()
        desktop.activate(window)
        took.append(hooks.until(lambda title=title: hooks.window().title == title))
        hooks.until(lambda: bool(hooks.wakes))
    assert min(took) < 0.1, "the machine may be busy once"
    window = hooks.window()
    assert (window.app, window.title, window.handle) == ("Editor", "One", f"{one.id:#x}")


def test_a_title_change_is_seen_within_100_ms(desktop, hooks):
    window = desktop.open_window("Before")
    took = []
    for title in ("Grüße", "世界", "Ελλάδα"):
        desktop.set_title(window, title)
        took.append(hooks.until(lambda title=title: hooks.window().title == title))
    assert min(took) < 0.1, "the machine may be busy once"


def test_titles_are_cut_and_free_of_control_characters(desktop, hooks):
    window = desktop.open_window("Plain")
    desktop.set_title(window, "a\x1b[31m\tb\u202e" + "x" * 2000)
    hooks.until(lambda: hooks.window().title.startswith("a"))
    title = hooks.window().title
    assert title.startswith("a[31m bxxx")
    assert len(title) == 512


def test_a_spinning_title_ends_with_the_last_one(desktop, hooks):
    window = desktop.open_window("Spin")
    for turn in range(40):
        desktop.set_title(window, f"turn {turn}")
    hooks.until(lambda: hooks.window().title == "turn 39")


def test_a_destroyed_window_leaves_nothing_active(desktop, hooks):
    window = desktop.open_window("Short-lived")
    hooks.until(lambda: hooks.window().title == "Short-lived")
    window.close()
    hooks.until(lambda: hooks.window().title == "")
    assert (hooks.window().app, hooks.window().handle) == ("", "")


def test_windows_that_come_and_go_fast_do_no_harm(desktop, hooks):
    for turn in range(8):
        command = ["xterm", "-T", f"churn {turn}", "-e", "sleep", "0.02"]
        subprocess.run(command, env=desktop.env(), stderr=subprocess.DEVNULL, timeout=10, check=False)
        assert not isinstance(hooks.window(), Unknown)
    desktop.open_window("Still watching")
    hooks.until(lambda: hooks.window().title == "Still watching")


@pytest.fixture
def bare(monkeypatch):
    with VirtualDesktop(window_manager=False) as desktop:
        monkeypatch.setenv("DISPLAY", desktop.display)
        yield desktop


def test_without_a_window_manager_the_window_is_unknown_until_one_comes(bare, start):
    hooks = start()
    assert "window manager" in hooks.window().reason
    manager = subprocess.Popen(["openbox", "--sm-disable"], env=bare.env(), stderr=subprocess.DEVNULL)
    try:
        hooks.until(lambda: not isinstance(hooks.window(), Unknown))
        manager.kill()
        hooks.until(lambda: isinstance(hooks.window(), Unknown))
    finally:
        manager.kill()
        manager.wait()


def test_an_application_without_class_is_named_after_its_process(desktop, hooks):
    window = desktop.open_window("No class")
    hooks.until(lambda: hooks.window().title == "No class")
    desktop.xdotool("set_window", "--class", "", "--classname", "", str(window.id))
    deadline = time.monotonic() + 2
    while hooks.window().app != "xterm" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert hooks.window().app == "xterm"
