"""Whoever tells of the lock is believed at once, and who cannot tell is not asked to guess."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

import workdiary_session
from workdiary.errors import NotHereError
from workdiary.payloads import Unknown
from workdiary_dbus.served import PROPERTIES
from workdiary_dbus.testing import Object
from workdiary_session.testing import PATH, Logind, Saver


@pytest.fixture
def logind(making, system):
    return making(Logind(system))


def test_the_hint_of_the_login_manager_locks_and_unlocks_at_once(logind, start):
    hooks = start()
    assert isinstance(hooks.locked(), Unknown), "no locker has told it anything yet"
    logind.say("LockedHint", True)
    took = hooks.until(lambda: hooks.locked() is True)
    assert took < 0.1
    assert len(hooks.wakes) == 1
    logind.say("LockedHint", False)
    hooks.until(lambda: hooks.locked() is False)
    assert len(hooks.wakes) == 2


def test_a_session_that_is_locked_already_is_locked(making, system, start):
    logind = making(Logind(system))
    logind.session.values["LockedHint"] = ("b", True)
    assert start().locked() is True


def test_while_another_session_has_the_seat_this_one_counts_as_locked(logind, start):
    hooks = start()
    logind.say("Active", False)
    hooks.until(lambda: hooks.locked() is True)
    logind.say("Active", True)
    hooks.until(lambda: hooks.locked() is False)


@pytest.mark.parametrize("begins", [True, False], ids=["near", "over"])
def test_sleep_that_is_near_or_over_asks_for_a_tick(logind, start, begins):
    hooks = start()
    logind.go_to_sleep(begins=begins)
    hooks.until(lambda: hooks.wakes)
    assert isinstance(hooks.locked(), Unknown)


def test_a_service_of_the_user_finds_the_session_in_the_list(making, system, start):
    making(Logind(system, by_pid=False)).say("LockedHint", True)
    assert start().locked() is True


@pytest.mark.parametrize("other", [{"kind": "tty"}, {"user": 4711}])
def test_a_session_without_a_desktop_or_of_somebody_else_is_none(making, system, start, monkeypatch, other):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    making(Logind(system, **other))
    with pytest.raises(NotHereError, match="knows no desktop session of this user"):
        start()


def test_a_signal_of_anybody_else_is_not_believed(logind, making, system, start):
    hooks = start()
    forger = making(Saver(system, "org.example.Forger")).program
    changed = ("org.freedesktop.login1.Session", {"LockedHint": ("b", True)}, [])
    forger.tell(Object(PATH, PROPERTIES), "PropertiesChanged", "sa{sv}as", changed)
    time.sleep(0.2)
    assert isinstance(hooks.locked(), Unknown)


@pytest.mark.parametrize("name", ["org.gnome.ScreenSaver", "org.freedesktop.ScreenSaver", "org.xfce.ScreenSaver"])
def test_a_screen_saver_locks_and_unlocks_at_once(making, system, desk, start, name):
    saver = making(Saver(desk, name))
    hooks = start()
    assert hooks.locked() is False
    saver.say(True)
    assert hooks.until(lambda: hooks.locked() is True) < 0.1
    saver.say(False)
    hooks.until(lambda: hooks.locked() is False)
    assert len(hooks.wakes) == 2


def test_one_of_both_is_enough(logind, making, desk, start):
    saver = making(Saver(desk))
    hooks = start()
    saver.say(True)
    hooks.until(lambda: hooks.locked() is True)
    logind.say("LockedHint", True)
    saver.say(False)
    time.sleep(0.1)
    assert hooks.locked() is True


def test_a_saver_that_comes_later_is_heard_and_one_that_goes_is_forgotten(making, system, desk, start):
    hooks = start()
    assert "no screen saver on the session bus tells" in hooks.locked().reason
    saver = Saver(desk, active=True)
    hooks.until(lambda: hooks.locked() is True)
    saver.close()
    hooks.until(lambda: isinstance(hooks.locked(), Unknown))


def test_a_login_manager_that_restarts_is_found_again(logind, system, making, start):
    hooks = start()
    logind.close()
    hooks.until(lambda: "went away" in getattr(hooks.locked(), "reason", ""))
    making(Logind(system)).say("LockedHint", True)
    hooks.until(lambda: hooks.locked() is True)


def test_nothing_is_polled(logind, making, desk, start):
    making(Saver(desk))
    start()
    threads = [one.native_id for one in threading.enumerate() if one.name == "watcher"]
    assert len(threads) == 2
    time.sleep(0.3)  # what the start has asked for
    before = sum(map(switches, threads))
    time.sleep(3)
    assert sum(map(switches, threads)) == before


def switches(thread):
    status = Path(f"/proc/self/task/{thread}/status").read_text()
    return int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])


def test_doctor_is_told_who_tells(logind, making, desk):
    making(Saver(desk))
    (check,) = workdiary_session.workdiary_checks()
    assert check.ok
    assert check.detail.startswith("the login manager: the login manager was never told of a lock")
    assert check.detail.endswith("a screen saver: tells")


def test_stopping_ends_the_threads_and_may_come_twice(logind, desk, start):
    start()
    workdiary_session.workdiary_stop()
    workdiary_session.workdiary_stop()
    assert not [one for one in threading.enumerate() if one.name == "watcher"]
