from __future__ import annotations

import gc
import sys
import time
import types

import workdiary_x11


def test_every_key_of_a_combination_is_a_keystroke(desktop, hooks):
    desktop.key("ctrl+shift+a")
    hooks.until_totals(3, 0, 0)


def test_a_held_key_counts_once(desktop, hooks):
    desktop.key_down("a")
    time.sleep(1.5)
    desktop.key_up("a")
    hooks.until_totals(1, 0, 0)


def test_a_key_whose_release_was_lost_counts_again_when_it_is_pressed_again(desktop, hooks):
    desktop.key_down("b")
    desktop.key_up("b")
    desktop.key("b")
    hooks.until_totals(2, 0, 0)


def test_buttons_are_clicks_and_the_wheel_is_scrolls(desktop, hooks):
    desktop.move(1270, 790)
    for button in (1, 2, 3, 8, 9):
        desktop.click(button)
    desktop.key("Escape")  # closes the window manager's menus
    for button in (4, 5, 6, 7):
        desktop.click(button, repeat=2)
    hooks.until_totals(1, 5, 8)


def test_motion_alone_is_no_input_and_does_not_arrive(desktop, hooks):
    received = []
    session = workdiary_x11.watched.watcher()._session
    session._take, take = lambda events: received.extend(events) or take(events), session._take
    for x in range(50):
        desktop.move(100 + x, 100)
    hooks.until_totals(0, 0, 0)
    assert len(received) <= 1, "at most the alarm that ends the quiet"


def test_a_fast_burst_is_counted_to_the_last_key(desktop, hooks):
    desktop.xdotool("key", "--delay", "10", *["a"] * 100)
    hooks.until_totals(100, 0, 0)
    desktop.xdotool("key", "--delay", "0", *["a"] * 900)
    hooks.until_totals(1000, 0, 0)


def test_input_into_a_window_that_grabbed_it_is_counted(desktop, hooks):
    desktop.open_window("Grabbing")
    desktop.move(640, 400)
    desktop.key_down("ctrl")
    desktop.click(1)  # xterm's menu grabs pointer and keyboard
    desktop.key("a", "b")
    desktop.key_up("ctrl")
    desktop.click(1)
    hooks.until_totals(3, 2, 0)


def test_a_new_run_has_a_new_name_and_starts_at_zero(desktop, start):
    first = start().counts()
    workdiary_x11.workdiary_stop()
    second = start().counts()
    assert first.since != second.since
    assert (second.keys, second.clicks, second.scrolls) == (0, 0, 0)


def test_no_key_code_stays_reachable(desktop, hooks):
    desktop.key("a", "b", "c", "ctrl+d")
    hooks.until_totals(5, 0, 0)
    watcher = workdiary_x11.watched.watcher()
    frame = sys._current_frames()[watcher._thread.ident]
    roots: list[object] = [watcher]
    while frame is not None:
        roots += [value for value in frame.f_locals.values() if isinstance(value, (bytes, bytearray, list))]
        frame = frame.f_back
    code_bearing = [found for found in reachable(roots) if isinstance(found, (bytes, bytearray)) and found[:1] == b"#"]
    assert code_bearing == []  # "#" is 35, the first byte of every raw event
    odometer = watcher._session._input
    assert vars(odometer) == {"keys": 5, "clicks": 0, "scrolls": 0}


def reachable(roots: list[object]) -> list[object]:
    skipped = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.FrameType)
    seen: dict[int, object] = {}
    rest = list(roots)
    while rest:
        item = rest.pop()
        if id(item) in seen or isinstance(item, skipped):
            continue
        seen[id(item)] = item
        rest += gc.get_referents(item)
    return list(seen.values())
