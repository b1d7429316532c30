"""The icon in a panel that does not speak D-Bus, and the menu that we draw ourselves."""

from __future__ import annotations

import os
import re
import shutil
import signal

import pytest

from workdiary_tray.dock import GROUND
from workdiary_tray.view import State

ICON = (12, 12)
ROW, LINE = 20, 9


@pytest.fixture
def start_trayer(desk):
    assert shutil.which("trayer"), "apt install trayer"
    options = ["--edge", "top", "--align", "left", "--widthtype", "request", "--height", "26", "--expand", "false"]
    return lambda: desk.spawn("trayer", *options)


def icon(desk):
    return desk.icon(24, GROUND)


def shows(desk, state: State) -> None:
    desk.wait_for(lambda: icon(desk) is state, what=f"the icon {state.value}")


def menu_window(desk) -> tuple[int, int, int, int] | None:
    """Return the place of our own menu: the one window without a name that lies where the pointer was."""
    found = re.findall(r"\(has no name\): \(\)\s+(\d+)x(\d+)\+\d+\+\d+\s+\+(\d+)\+(\d+)", desk.windows())
    places = [(int(left), int(top), int(width), int(height)) for width, height, left, top in found]
    return next((place for place in places if place[:2] == ICON and place[3] > 80), None)


def open_menu(desk):
    desk.desktop.move(*ICON)
    desk.desktop.click(3)
    return desk.wait_for(lambda: menu_window(desk), what="the menu")


def test_the_icon_is_docked_and_follows_the_state(desk, start_trayer):
    start_trayer()
    desk.tray()
    shows(desk, State.STOPPED)
    desk.cli("start", "acme")
    shows(desk, State.TRACKING)
    desk.ask("pause")
    shows(desk, State.PAUSED)
    os.kill(desk.status()["pid"], signal.SIGKILL)
    shows(desk, State.STOPPED)


def test_the_menu_works_by_mouse_and_keyboard(desk, start_trayer):
    start_trayer()
    desk.cli("start", "acme")
    desk.tray()
    shows(desk, State.TRACKING)
    left, top, *_ = open_menu(desk)
    pause = top + LINE // 2 + 2 * ROW + LINE + ROW // 2  # below the state, the time and a line
    desk.desktop.move(left + 30, pause)
    desk.desktop.click(1)
    desk.wait_for(lambda: desk.status()["state"] == "paused")
    open_menu(desk)
    desk.desktop.key("Down", "Down", "Return")
    desk.wait_for(lambda: desk.status()["state"] == "stopped")
    shows(desk, State.STOPPED)


def test_escape_and_a_click_elsewhere_close_the_menu_and_do_nothing(desk, start_trayer):
    start_trayer()
    desk.cli("start", "acme")
    desk.tray()
    shows(desk, State.TRACKING)
    open_menu(desk)
    desk.desktop.key("Escape")
    desk.wait_for(lambda: menu_window(desk) is None)
    open_menu(desk)
    desk.desktop.move(600, 380)
    desk.desktop.click(1)
    desk.wait_for(lambda: menu_window(desk) is None)
    assert desk.status()["state"] == "tracking"
    desk.desktop.open_window("it has the keyboard again")


def test_the_icon_comes_back_with_a_new_panel(desk, start_trayer):
    panel = start_trayer()
    desk.tray()
    shows(desk, State.STOPPED)
    panel.kill()
    panel.wait()
    desk.wait_for(lambda: icon(desk) is None)
    start_trayer()
    shows(desk, State.STOPPED)


def test_without_a_session_bus_the_docked_icon_is_enough(desk, start_trayer):
    start_trayer()
    tray = desk.tray(DBUS_SESSION_BUS_ADDRESS="")
    shows(desk, State.STOPPED)
    desk.desktop.kill_x()
    assert tray.wait(5) == 0, "it ends with the X server, since there is no bus either"
