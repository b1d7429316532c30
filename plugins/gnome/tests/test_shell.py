"""GNOME Shell tells windows and pauses by itself, at once, and is found again."""

from __future__ import annotations

import statistics
import time

import pytest
from click.testing import CliRunner

import workdiary_gnome
from workdiary.errors import NotHereError
from workdiary.payloads import Rect, Unknown, Window
from workdiary.testing.session import PrivateBus
from workdiary_dbus.testing import Named
from workdiary_gnome.commands import gnome, place


def test_another_window_and_another_title_are_seen_within_a_tenth_of_a_second(shell, start):
    hooks = start()
    first = shell.open_window("First", "editor")
    hooks.until(lambda: hooks.title() == "First")
    times = []
    for number in range(5):
        hooks.wakes.clear()
        window = shell.open_window(f"Mail {number}", "mail")
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


def test_active_time_is_that_of_the_bursts_to_fifty_milliseconds(shell, start):
    hooks = start()
    hooks.until_idle()
    off = []
    for presses in (1, 4, 8):
        before = hooks.presence().active_ms
        began = time.monotonic()
        for _ in range(presses):
            shell.key()
            last = time.monotonic()
            time.sleep(0.2)
        hooks.until_idle()
        off.append(hooks.presence().active_ms - before - 1000 - (last - began) * 1000)
    print(f"ms of active time beyond what was typed: {[round(one) for one in off]}")
    assert sorted(map(abs, off))[1] <= 50
    assert max(map(abs, off)) <= 200


def test_input_after_a_pause_asks_for_a_tick_and_typing_for_no_more(shell, start):
    hooks = start()
    hooks.until_idle()
    hooks.wakes.clear()
    for _ in range(3):
        shell.key()
    hooks.until(lambda: hooks.presence().idle_ms == 0)
    assert len(hooks.wakes) == 1


def test_the_survey_has_monitors_and_windows_top_first(shell, start):
    hooks = start()
    below, above = shell.open_window("Below", "editor", (500, 300)), shell.open_window("Above", "mail", (200, 100))
    hooks.until(lambda: hooks.title() == "Above")
    found = hooks.survey()
    assert [one.rect for one in found.monitors] == [Rect(x=0, y=0, width=1280, height=720)]
    assert [(one.app, one.title) for one in found.windows] == [("mail", "Above"), ("editor", "Below")]
    assert found.windows[0].handle == hooks.window().handle
    assert (found.windows[0].rect.width, found.windows[1].rect.width) == (200, 500)
    above.close()
    below.close()


def test_a_shell_that_dies_makes_everything_unknown_and_is_found_again(shell, start):
    hooks = start()
    shell.kill()
    hooks.until(lambda: isinstance(hooks.window(), Unknown))
    assert hooks.presence().reason == hooks.window().reason == "GNOME Shell went away"
    assert isinstance(hooks.survey(), Unknown)
    shell.start()
    hooks.until(lambda: not isinstance(hooks.window(), Unknown), seconds=20)
    window = shell.open_window("After")
    hooks.until(lambda: hooks.title() == "After")
    window.close()


def test_doctor_takes_a_real_reading(shell):
    assert [one.ok for one in workdiary_gnome.workdiary_checks()] == [True, True]


@pytest.fixture
def bare(monkeypatch):
    with PrivateBus({}) as bus:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
        yield bus


def test_without_gnome_it_is_not_here(bare, start):
    with pytest.raises(NotHereError, match="GNOME Shell is not on the session bus"):
        start()


def test_without_the_extension_the_reason_says_what_to_do(bare, start):
    shell = Named(bare.address, "org.gnome.Shell")
    hooks = start()
    assert "`workdiary gnome install-extension`" in hooks.window().reason
    assert hooks.survey() == hooks.window()
    assert isinstance(hooks.presence().active_ms, Unknown)
    shell.close()


def test_what_the_extension_tells_is_said_and_nothing_is_done_without_a_yes(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    refused = CliRunner().invoke(gnome, ["install-extension"], input="n\n")
    assert refused.exit_code == 1
    assert "the application and title of the active window" in refused.output
    assert not place().exists()
    assert CliRunner().invoke(gnome, ["install-extension", "--yes"]).exit_code == 0
    assert {one.name for one in place().iterdir()} == {"extension.js", "metadata.json"}
    assert CliRunner().invoke(gnome, ["remove-extension"]).exit_code == 0
    assert not place().exists()
