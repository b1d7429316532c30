from __future__ import annotations

import subprocess
import sys

import mss
import pytest

import workdiary_mss
from workdiary.errors import NotHereError
from workdiary.payloads import Cause, Frame, Occasion, Rect, Unknown
from workdiary.testing.desktop import VirtualDesktop
from workdiary.testing.wayland import WaylandDesktop
from workdiary_mss import capture, session

OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="c")


def grab():
    return workdiary_mss.workdiary_grab_screen(OCCASION)


def start():
    workdiary_mss.workdiary_start(None)


def test_behind_xwayland_it_says_so_instead_of_taking_a_black_picture(desktop, monkeypatch):
    """The Xwayland of this machine is known by its outputs alone, a newer one by its extension."""
    with WaylandDesktop() as wayland:
        monkeypatch.setenv("DISPLAY", wayland.start_xwayland())
        assert grab() == Unknown(reason=session.XWAYLAND)
    monkeypatch.setattr(session, "_server_is_xwayland", lambda: True)
    with pytest.raises(NotHereError, match=session.XWAYLAND):
        start()


def test_a_real_x_server_is_no_xwayland(desktop):
    assert session.why_blind() is None


def test_without_a_display_it_says_so(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(NotHereError, match="there is no X server: DISPLAY is not set"):
        start()


def test_a_server_that_is_gone_is_unknown(monkeypatch):
    with VirtualDesktop(width=100, height=100, window_manager=False) as gone:
        monkeypatch.setenv("DISPLAY", gone.display)
    answer = grab()
    assert isinstance(answer, Unknown)
    assert answer.reason.startswith("mss could not read the screen")


def test_no_monitor_is_unknown(desktop, monkeypatch):
    monkeypatch.setattr(mss.MSS, "monitors", [{"left": 0, "top": 0, "width": 5, "height": 5}])
    assert grab() == Unknown(reason="no monitor is connected")


def test_monitors_of_mss_11_are_read_through_the_same_adapter():
    class Monitor:
        left, top, width, height = -10, 5, 2, 1

    class Shot:
        width, height = 4, 2
        bgra = memoryview(bytes(range(32)))

    frame = capture._frame(Shot, Monitor)
    assert frame == Frame(rect=Rect(x=-10, y=5, width=2, height=1), width=4, height=2, pixels=bytes(range(32)))
    assert type(frame.pixels) is bytes


def test_nothing_heavy_is_imported_before_a_picture_is_due():
    code = "import sys, workdiary_mss; print({'mss', 'ctypes', 'PIL', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
