"""What is made of the answers of Windows, on any system."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from pathlib import Path
from threading import Timer

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))  # what these tests share

from fakes import FakeWindows

from workdiary.errors import NotHereError
from workdiary.payloads import Monitor, Rect, Unknown, VisibleWindow, Window
from workdiary.source.polled import PolledIdle
from workdiary.source.watcher import Watcher
from workdiary_windows import window
from workdiary_windows.messages import (
    WM_ENDSESSION,
    WM_POWERBROADCAST,
    WM_QUERYENDSESSION,
    WM_WTSSESSION_CHANGE,
)
from workdiary_windows.plugin import system
from workdiary_windows.session import UNTOLD, InterruptedWatchError, Session
from workdiary_windows.ticks import idle_ms, since

LOCK, UNLOCK, CONSOLE_CONNECT, CONSOLE_DISCONNECT, REMOTE_CONNECT, REMOTE_DISCONNECT = 7, 8, 1, 2, 3, 4
NO_LOCK = contextlib.nullcontext()


@given(then=st.integers(0, (1 << 32) - 1), passed=st.integers(0, (1 << 31) - 1))
def test_time_that_passed_is_right_wherever_the_counter_begins_anew(then, passed):
    assert since((then + passed) % (1 << 32), then) == passed


@given(then=st.integers(-(1 << 31), (1 << 31) - 1), passed=st.integers(0, (1 << 31) - 1))
def test_a_counter_with_a_sign_is_the_same_counter(then, passed):
    assert since((then + passed) % (1 << 32), then) == passed


@pytest.mark.parametrize("ahead", [1, 15, 1000])
def test_an_input_just_after_the_look_is_no_pause_of_49_days(ahead):
    assert since(5, 5 + ahead) == 0


@pytest.mark.parametrize("edge", [1 << 31, 1 << 32], ids=["24.8 days", "49.7 days"])
def test_idle_and_active_time_go_on_over_the_edge_of_the_counter(edge, monkeypatch):
    windows = FakeWindows(now=edge - 5_000, input_at=edge - 5_000)
    begun = windows.now
    monkeypatch.setattr("workdiary.source.polled.now_ms", lambda: windows.now - begun)
    idle = PolledIdle(lambda: idle_ms(windows))
    for _ in range(40):  # ten seconds, with an input every quarter second until the seventh
        windows.now += 250
        if windows.now - begun <= 7_000:
            windows.input_at = windows.now
        idle.look()
    assert (idle.active_ms(), idle.idle_ms()) == (8_000, 3_000)


def test_the_active_window_has_program_and_title():
    windows = FakeWindows(front=0x20A, shown={0x20A: ("notepad", "Chapter 1", (0, 0, 9, 9))})
    assert window.active(windows) == Window(app="notepad", title="Chapter 1", handle="0x20a")


def test_no_active_window_is_known_to_be_none():
    assert window.active(FakeWindows()) == Window(app="", title="")


def test_a_window_that_dies_while_it_is_read_makes_place_for_the_next():
    windows = FakeWindows(shown={2: ("mail", "Inbox", (0, 0, 9, 9))})
    fronts = iter([1, 2])
    windows.foreground = lambda: next(fronts)
    assert window.active(windows) == Window(app="mail", title="Inbox", handle="0x2")


def test_a_program_that_is_not_told_is_unknown_and_no_window_without_a_name():
    assert isinstance(window.active(FakeWindows(front=7)), Unknown)


def test_the_survey_has_monitors_and_windows_top_first_without_empty_ones():
    windows = FakeWindows(
        shown={3: ("mail", "Inbox", (-10, 5, 90, 65)), 4: ("tray", "", (0, 0, 0, 0)), 5: ("desk", "", (0, 0, 50, 50))},
        screens=[("DISPLAY1", True, (0, 0, 1920, 1080)), ("DISPLAY2", False, (-1280, 0, 0, 720))],
    )
    found = window.survey(windows)
    assert found.monitors[1] == Monitor(name="DISPLAY2", rect=Rect(x=-1280, y=0, width=1280, height=720))
    assert found.monitors[0].primary
    mail = VisibleWindow(app="mail", title="Inbox", handle="0x3", rect=Rect(x=-10, y=5, width=100, height=60))
    assert [one.handle for one in found.windows] == ["0x3", "0x5"]
    assert found.windows[0] == mail


def test_without_a_monitor_there_is_no_survey():
    assert isinstance(window.survey(FakeWindows(screens=[])), Unknown)


def test_the_lock_is_unknown_until_windows_says_it():
    windows = FakeWindows()
    session = Session(windows)
    assert session.presence().locked == UNTOLD
    for change, locked in ((LOCK, True), (UNLOCK, False), (99, False)):
        windows.ear.send(WM_WTSSESSION_CHANGE, change)
        assert session.turn(NO_LOCK)
        assert session.presence().locked is locked


@pytest.mark.parametrize("locked", [True, False])
def test_windows_is_asked_for_the_lock_at_the_start(locked):
    assert Session(FakeWindows(locked=locked)).presence().locked is locked


@pytest.mark.parametrize(("gone", "back"), [(CONSOLE_DISCONNECT, CONSOLE_CONNECT), (REMOTE_DISCONNECT, REMOTE_CONNECT)])
def test_somebody_elses_session_in_front_counts_as_locked_until_ours_is_back_and_open(gone, back):
    windows = FakeWindows(locked=False)
    session = Session(windows)
    windows.ear.send(WM_WTSSESSION_CHANGE, gone)
    session.turn(NO_LOCK)
    assert session.presence().locked is True
    windows.locked = True
    windows.ear.send(WM_WTSSESSION_CHANGE, back)
    session.turn(NO_LOCK)
    assert session.presence().locked is True
    windows.ear.send(WM_WTSSESSION_CHANGE, UNLOCK)
    session.turn(NO_LOCK)
    assert session.presence().locked is False


@pytest.mark.parametrize(
    ("message", "parameter", "worth_a_tick", "answer"),
    [
        (WM_POWERBROADCAST, 4, True, 1),
        (WM_POWERBROADCAST, 18, True, 1),
        (WM_POWERBROADCAST, 10, False, None),
        (WM_QUERYENDSESSION, 0, False, 1),
        (WM_ENDSESSION, 1, True, None),
        (WM_ENDSESSION, 0, False, None),
        (0x0400, 0, False, None),
    ],
    ids=[
        "sleep is near",
        "sleep is over",
        "the battery",
        "may it log off?",
        "it logs off",
        "it stays",
        "anything else",
    ],
)
def test_what_windows_says_is_answered_and_asks_for_a_tick_where_it_matters(message, parameter, worth_a_tick, answer):
    windows = FakeWindows()
    session = Session(windows)
    windows.ear.send(message, parameter)
    assert session.turn(NO_LOCK) is worth_a_tick
    assert windows.ear.answers == [answer]


def test_the_end_of_the_session_is_answered_when_the_tracker_has_ended():
    windows, order = FakeWindows(), []

    def end():
        Timer(0.2, lambda: (order.append("stopped"), session.interrupt())).start()
        return True

    session = Session(windows, end)
    windows.ear.send(WM_ENDSESSION, 0)  # somebody else refused: it goes on
    assert not session.turn(NO_LOCK)
    windows.ear.send(WM_ENDSESSION, 1)
    with contextlib.suppress(InterruptedWatchError):
        session.turn(NO_LOCK)
    order.append("answered")
    assert order == ["stopped", "answered"]


def test_another_active_window_asks_for_a_tick():
    windows = FakeWindows(front=1)
    session = Session(windows)
    assert not session.turn(NO_LOCK)
    windows.front = 2
    assert session.turn(NO_LOCK)


def test_an_interrupted_watch_ends():
    windows = FakeWindows()
    session = Session(windows)
    session.interrupt()
    with pytest.raises(InterruptedWatchError):
        session.turn(NO_LOCK)


def test_a_watch_that_crashes_is_unknown_with_a_reason_and_begins_anew(caplog):
    windows = FakeWindows(front=1, shown={1: ("mail", "Inbox", (0, 0, 9, 9))})
    opened = []

    def connect():
        opened.append(Session(windows))
        return opened[-1]

    watcher = Watcher("Windows", connect, lambda: None, logging.getLogger("test"))
    assert watcher.read(Session.window).title == "Inbox"
    windows.last_input = lambda: 1 // 0
    end = time.monotonic() + 5
    while not isinstance(watcher.read(Session.window), Unknown):
        assert time.monotonic() < end
        time.sleep(0.01)
    assert watcher.read(Session.window).reason == "Windows went away"
    del windows.last_input
    while isinstance(watcher.read(Session.window), Unknown):
        assert time.monotonic() < end
        time.sleep(0.01)
    watcher.stop()
    assert (len(opened), windows.ear.closed) == (2, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="this is Windows")
def test_elsewhere_it_is_not_here():
    with pytest.raises(NotHereError, match="not Windows"):
        system()
