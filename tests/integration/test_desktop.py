from __future__ import annotations

import socket

import pytest

from workdiary.errors import WorkdiaryError
from workdiary.testing.desktop import VirtualDesktop


def is_alive(display: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(f"/tmp/.X11-unix/X{display[1:]}") == 0


def test_two_desktops_live_side_by_side_and_end_with_their_block():
    with VirtualDesktop() as one, VirtualDesktop(640, 480, window_manager=False) as two:
        assert one.display != two.display
        assert is_alive(one.display)
        assert is_alive(two.display)
        assert two.xdotool("getdisplaygeometry").split() == ["640", "480"]
    assert not is_alive(one.display)
    assert not is_alive(two.display)


def test_its_environment_leads_to_x_only(monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    desktop = VirtualDesktop()
    desktop.display = ":7"
    assert desktop.env()["DISPLAY"] == ":7"
    assert not desktop.env()["WAYLAND_DISPLAY"]


def test_a_new_window_is_active_when_it_is_returned():
    with VirtualDesktop() as desktop:
        first = desktop.open_window("First", "Editor")
        second = desktop.open_window("Second", "Browser")
        assert int(desktop.xdotool("getactivewindow")) == second.id
        assert desktop.xdotool("getwindowname", str(second.id)).strip() == "Second"
        second.close()
        desktop.activate(first)
        desktop.set_title(first, "Third")
        assert desktop.xdotool("getactivewindow", "getwindowname").strip() == "Third"
        desktop.key("ctrl+shift+a", "b")
        desktop.type("hello")
        desktop.click(4, repeat=3)
        desktop.move(10, 20)


def test_the_server_can_be_killed_and_comes_back_on_the_same_number():
    with VirtualDesktop(window_manager=False) as desktop:
        before = desktop.display
        desktop.kill_x()
        assert not is_alive(before)
        desktop.start_x()
        assert desktop.display == before
        assert is_alive(before)


def test_a_missing_program_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(WorkdiaryError, match=r"Xvfb(.|\n)*apt install"), VirtualDesktop():
        pass
