"""KWin tells its windows by itself, at once, and survives us as we survive it."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import pytest

import workdiary_kde
import workdiary_wayland
from workdiary.errors import NotHereError
from workdiary.payloads import Rect, Unknown, Window
from workdiary.testing.session import PrivateBus
from workdiary_dbus.bus import Bus
from workdiary_kde.script import SCRIPTING


def loaded(kwin, name):
    bus = Bus.connect(kwin.address)
    (found,) = bus.ask(SCRIPTING, "isScriptLoaded", "s", (name,))
    bus.close()
    return found


def test_another_window_and_another_title_are_seen_within_a_tenth_of_a_second(kwin, start):
    hooks = start()
    first = kwin.open_window("First", "editor")
    hooks.until(lambda: hooks.title() == "First")
    times = []
    for number in range(10):
        hooks.wakes.clear()
        window = kwin.open_window(f"Mail {number}", "mail")
        times.append(hooks.until(lambda number=number: hooks.title() == f"Mail {number}"))
        assert hooks.window().app == "mail"
        hooks.until(lambda: hooks.wakes)
        began = time.monotonic()
        window.set_title("Кириллица ✓")
        hooks.until(lambda: hooks.title() == "Кириллица ✓")
        times.append(time.monotonic() - began)
        window.close()
        hooks.until(lambda: hooks.title() == "First")
    print(f"ms: median {statistics.median(times) * 1000:.1f}, most {max(times) * 1000:.1f}")
    assert statistics.median(times) < 0.1
    first.close()
    hooks.until(lambda: hooks.window() == Window(app="", title=""))


def test_the_survey_has_screens_and_windows_top_first(kwin, start):
    hooks = start()
    below, above = kwin.open_window("Below", "editor", (500, 300)), kwin.open_window("Above", "mail", (200, 100))
    hooks.until(lambda: hooks.title() == "Above")
    found = hooks.survey()
    assert [one.rect for one in found.monitors] == [Rect(x=0, y=0, width=1280, height=720)]
    assert [(one.app, one.title) for one in found.windows] == [("mail", "Above"), ("editor", "Below")]
    assert found.windows[0].handle == hooks.window().handle
    assert (found.windows[0].rect.width, found.windows[1].rect.width) == (200, 500)
    above.close()
    below.close()


def test_the_script_is_taken_out_and_one_that_a_killed_tracker_left_too(kwin, start, tmp_path):
    code = (
        "import os, pathlib, sys; from workdiary_kde.session import open_session; "
        "one = open_session(pathlib.Path(sys.argv[1])); print(one._script.name, flush=True); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    left = killed.stdout.strip()
    assert loaded(kwin, left)
    start()
    ours = workdiary_kde.watched._watcher._session._script.name
    assert (loaded(kwin, ours), loaded(kwin, left)) == (True, False)
    workdiary_kde.workdiary_stop()
    assert not loaded(kwin, ours)
    assert not list(tmp_path.glob("*.js"))


def test_a_kwin_that_dies_makes_the_window_unknown_and_is_found_again(kwin, start):
    hooks = start()
    kwin.kill_kwin()
    hooks.until(lambda: isinstance(hooks.window(), Unknown))
    assert hooks.window().reason == "KWin went away"
    assert isinstance(hooks.survey(), Unknown)
    kwin.start_kwin()
    hooks.until(lambda: not isinstance(hooks.window(), Unknown), seconds=10)
    window = kwin.open_window("After")
    hooks.until(lambda: hooks.title() == "After")
    window.close()


def test_without_kwin_it_is_not_here(monkeypatch, start):
    with PrivateBus({}) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        with pytest.raises(NotHereError, match="KWin is not on the session bus"):
            start()
    (check,) = workdiary_kde.workdiary_checks()
    assert not check.ok


def test_doctor_takes_a_real_reading(kwin):
    window, picture = workdiary_kde.workdiary_checks()
    assert window.ok
    assert not picture.ok, "nobody has allowed it here"


def test_idle_time_comes_from_the_wayland_plugin_which_finds_no_fault(kwin):
    """Of keys KWin has no injector for strangers, so only the quiet half is seen here."""
    found = {one.name: one for one in workdiary_wayland.workdiary_checks()}
    assert found["Wayland idle timer"].detail == "readings come"
    assert "zwlr_foreign_toplevel_manager_v1 is missing" in found["Wayland active window"].detail
    assert all(one.ok for one in found.values())
