"""Windows and presence come by themselves, at once, and survive the compositor."""

from __future__ import annotations

import time

import pytest

import workdiary_wayland
from workdiary.errors import NotHereError, WorkdiaryError
from workdiary.payloads import Unknown, Window


def test_another_window_is_seen_within_a_tenth_of_a_second_and_asks_for_a_tick(desktop, hooks):
    desktop.open_window("First", "Editor")
    hooks.until(lambda: hooks.title() == "First")
    times = []
    for number in range(10):
        target, title = ("Mail", f"Mail {number}") if number % 2 else ("Editor", f"Text {number}")
        hooks.wakes.clear()
        window = desktop.open_window(title, target)
        began = time.monotonic()
        hooks.until(lambda title=title: hooks.title() == title)
        times.append(time.monotonic() - began)
        assert hooks.window() == Window(app=target, title=title)
        hooks.until(lambda: hooks.wakes)
        window.close()
        hooks.until(lambda: hooks.title() == "First")
    print(f"ms until another window is seen: {sorted(round(one * 1000, 1) for one in times)}")
    assert sorted(times)[len(times) // 2] < 0.1


def test_another_title_is_seen_at_once(desktop, hooks):
    window = desktop.open_window("Chapter 1", "Editor")
    hooks.until(lambda: hooks.title() == "Chapter 1")
    for title in ("Chapter 2", "Кириллица ✓", "x" * 300):
        window.set_title(title)
        assert hooks.until(lambda title=title: hooks.title() == title) < 1


def test_without_a_window_nothing_has_the_focus(desktop, hooks):
    window = desktop.open_window("Alone")
    hooks.until(lambda: hooks.title() == "Alone")
    window.close()
    hooks.until(lambda: hooks.window() == Window(app="", title=""))


def test_active_time_is_that_of_the_bursts_to_fifty_milliseconds(desktop, hooks):
    desktop.open_window("Typed into")
    off = hooks.beyond(lambda: desktop.key("a"))
    assert off[1] <= 50, off
    assert off[2] <= 200, off


def test_input_after_a_pause_asks_for_a_tick_and_typing_for_no_more(desktop, hooks):
    desktop.open_window("Typed into")
    hooks.until_idle()
    hooks.wakes.clear()
    desktop.key("a", "b", "c")
    hooks.until(lambda: hooks.presence().idle_ms == 0)
    assert len(hooks.wakes) == 1


def test_in_the_first_second_nothing_is_known_and_then_it_is(desktop, start):
    hooks = start()
    assert isinstance(hooks.presence().active_ms, Unknown)
    hooks.until_idle()
    assert hooks.presence().active_ms == 0, "nothing is invented for the time before"


def test_somebody_who_types_from_the_start_is_active_from_the_first_second_on(desktop, start):
    desktop.open_window("Typed into")
    hooks = start()
    end = time.monotonic() + 1.6
    while time.monotonic() < end:
        desktop.key("a")
        time.sleep(0.05)
    assert 300 <= hooks.presence().active_ms <= 800
    assert hooks.presence().idle_ms == 0


def test_the_lock_is_not_known_here(desktop, hooks):
    assert isinstance(hooks.presence().locked, Unknown)


def test_a_compositor_that_dies_makes_everything_unknown_and_is_found_again(own_desktop, start):
    hooks = start()
    own_desktop.open_window("Before")
    hooks.until(lambda: hooks.title() == "Before")
    since = hooks.presence().since
    own_desktop.kill_compositor()
    hooks.until(lambda: isinstance(hooks.window(), Unknown))
    assert hooks.presence().reason == hooks.window().reason == "the Wayland compositor went away"
    assert isinstance(hooks.grab(), Unknown)
    own_desktop.start_compositor()
    hooks.until(lambda: not isinstance(hooks.window(), Unknown))
    own_desktop.open_window("After")
    hooks.until(lambda: hooks.title() == "After")
    assert hooks.presence().since != since
    assert not isinstance(hooks.grab(), Unknown)


@pytest.mark.parametrize("named", ["", "wayland-7"])
def test_without_a_compositor_it_is_not_here(monkeypatch, tmp_path, start, named):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", named)
    with pytest.raises(NotHereError, match="there is no Wayland compositor"):
        start()


def test_a_socket_that_a_dead_compositor_left_is_no_compositor(own_desktop, start):
    own_desktop.kill_compositor()
    with pytest.raises(NotHereError):
        start()


def test_a_compositor_that_does_not_answer_is_a_fault(own_desktop, start, monkeypatch):
    monkeypatch.setattr("workdiary_wayland.wire.PATIENCE", 0.3)
    own_desktop.stop_compositor()
    with pytest.raises(WorkdiaryError, match="does not answer") as caught:
        start()
    assert not isinstance(caught.value, NotHereError)
    (check,) = workdiary_wayland.workdiary_checks()
    assert not check.ok


def test_a_service_without_the_variable_finds_the_usual_socket(desktop, start, monkeypatch):
    monkeypatch.delenv("WAYLAND_DISPLAY")
    assert not isinstance(start().window(), Unknown)


def test_stopping_ends_the_thread_and_may_come_twice(desktop, start):
    start()
    thread = workdiary_wayland.watched.watcher()._thread
    workdiary_wayland.workdiary_stop()
    assert not thread.is_alive()
    workdiary_wayland.workdiary_stop()


def test_a_compositor_that_tells_nothing_is_none_for_us(desktop, start, monkeypatch):
    monkeypatch.setattr("workdiary_wayland.wire.Connection.offered", lambda _self, _interface: [])
    with pytest.raises(NotHereError, match="offers neither pictures nor windows nor idle time"):
        start()
