"""The icon in a real panel: Xfce's, with its tray, looked at by its pixels and used by a real mouse."""

from __future__ import annotations

import os
import re
import signal
import subprocess

import pytest

from workdiary_tray.view import State

ICON = (11, 16)


@pytest.fixture
def panel(desk, start_panel):
    """A panel that shows no icon yet."""
    found = start_panel()
    desk.wait_for(lambda: desk.screen().getpixel((300, 10)) != (0, 0, 0), what="the panel")
    assert desk.icon() is None
    return found


def shows(desk, state: State, seconds: float = 8.0) -> None:
    desk.wait_for(lambda: desk.icon() is state, seconds, f"the icon {state.value}")


def test_the_icon_appears_and_follows_the_state(desk, panel):
    desk.tray()
    shows(desk, State.STOPPED)
    desk.cli("start", "acme")
    shows(desk, State.TRACKING)
    desk.ask("pause")
    shows(desk, State.PAUSED)
    desk.ask("stop")
    shows(desk, State.STOPPED)
    desk.cli("start", "acme")
    shows(desk, State.TRACKING)
    os.kill(desk.status()["pid"], signal.SIGKILL)
    shows(desk, State.STOPPED)


def test_the_menu_works_by_the_mouse(desk, panel):
    desk.cli("start", "acme")
    desk.tray()
    shows(desk, State.TRACKING)
    choose(desk, "Pause")
    desk.wait_for(lambda: desk.status()["state"] == "paused")
    shows(desk, State.PAUSED)
    choose(desk, "Stop")
    desk.wait_for(lambda: desk.status()["state"] == "stopped")
    shows(desk, State.STOPPED)


def choose(desk, label: str) -> None:
    """Open the menu by a right click, go to the entry by its place among the others, and click on it."""
    host = desk.host_of(desk.children[-1])
    labels = [one for one in host.entries() if "/" not in one]
    desk.desktop.move(*ICON)
    desk.desktop.click(3)
    left, top, width, height = desk.wait_for(lambda: menu_window(desk), what="the menu")
    frame = 5
    row = (height - 2 * frame) / len(labels)  # a separator is one pixel
    y = top + frame + row * (labels.index(label) + 0.5)
    desk.desktop.move(left + width // 3, int(y))
    desk.desktop.click(1)
    desk.wait_for(lambda: menu_window(desk) is None, what="the menu's end")


def menu_window(desk) -> tuple[int, int, int, int] | None:
    """Return the place of the panel's open menu; one that is closed is kept, but cannot be seen."""
    command = ["xdotool", "search", "--onlyvisible", "--class", "wrapper-2.0", "getwindowgeometry", "--shell", "%@"]
    said = subprocess.run(command, env=desk.env, capture_output=True, text=True, check=False).stdout
    found = re.findall(r"X=(-?\d+)\nY=(-?\d+)\nWIDTH=(\d+)\nHEIGHT=(\d+)", said)
    places = [tuple(int(one) for one in each) for each in found]
    return next((place for place in places if place[3] > 100), None)


def test_a_refusal_is_notified(desk, panel):
    desk.spawn("dunst")
    tray = desk.tray()
    shows(desk, State.STOPPED)
    host = desk.host(tray)
    number, _ = host.entries()["Start/acme"]
    desk.cli("contract", "end", "acme")
    host.menu("Event", "isvu", (number, "clicked", ("s", ""), 0))
    desk.wait_for(lambda: "acme is ended" in notifications(desk), what="the notification")


def notifications(desk) -> str:
    """Return what was notified; it is history once it is closed."""
    subprocess.run(["dunstctl", "close-all"], env=desk.env, capture_output=True, check=False)
    return subprocess.run(["dunstctl", "history"], env=desk.env, capture_output=True, text=True, check=False).stdout


def test_trouble_has_its_own_icon(desk, panel):
    (desk.base / "home" / "data" / "journal.sqlite").write_bytes(b"this is no database" * 300)
    desk.tray()
    shows(desk, State.TROUBLE)


def test_the_icon_comes_back_with_a_new_panel(desk, panel, start_panel):
    desk.tray()
    shows(desk, State.STOPPED)
    panel.kill()
    panel.wait()
    desk.wait_for(lambda: desk.screen().getpixel((300, 10)) == (0, 0, 0), what="the panel's end")
    start_panel()
    shows(desk, State.STOPPED, 15.0)


def test_the_tray_may_come_before_the_panel(desk, start_panel):
    tray = desk.tray()
    desk.host_of(tray)
    start_panel()
    shows(desk, State.STOPPED, 15.0)


def test_no_icon_is_docked_where_a_panel_shows_the_item(desk, panel):
    desk.tray()
    shows(desk, State.STOPPED)
    assert '"Workdiary": ("workdiary"' not in desk.windows()
