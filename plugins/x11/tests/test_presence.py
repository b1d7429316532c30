from __future__ import annotations

import subprocess
import time

import pytest

from workdiary.payloads import Unknown


def settle(hooks):
    hooks.until(lambda: hooks.presence().idle_ms >= 1000)
    time.sleep(0.2)
    hooks.wakes.clear()
    return hooks.presence().active_ms


@pytest.mark.parametrize("act", ["key", "move", "scroll"])
def test_each_isolated_input_adds_one_second(desktop, hooks, act):
    """To within 15 ms; where the machine itself is late with an event, one of three times."""
    acts = {"key": lambda: desktop.key("a"), "move": lambda: desktop.move(33, 44), "scroll": lambda: desktop.click(5)}
    off = []
    while not off or (min(off) > 15 and len(off) < 3):
        before = settle(hooks)
        acts[act]()
        hooks.until(lambda: hooks.presence().idle_ms == 0)
        hooks.until(lambda: hooks.presence().idle_ms >= 1000)
        off.append(abs(hooks.presence().active_ms - before - 1000))
        desktop.move(0, 0)
    assert min(off) <= 15
    assert max(off) <= 200


def test_steady_motion_is_active_all_the_time_and_wakes_once(desktop, hooks):
    before = settle(hooks)
    began = time.monotonic()
    while time.monotonic() - began < 1.5:
        desktop.move(100, 100)
        desktop.move(101, 101)
        time.sleep(0.1)
    lasted = (time.monotonic() - began) * 1000
    hooks.until(lambda: hooks.presence().idle_ms >= 1000)
    assert abs(hooks.presence().active_ms - before - lasted - 900) <= 300
    assert len(hooks.wakes) == 1
    assert hooks.totals() == (0, 0, 0)


def test_idle_time_is_exact_from_one_second_on(desktop, hooks):
    desktop.key("a")
    pressed = time.monotonic()
    time.sleep(1.5)
    assert abs(hooks.presence().idle_ms - (time.monotonic() - pressed) * 1000) <= 200


def test_active_time_never_falls(desktop, hooks):
    seen = []
    desktop.key("a")
    ends = time.monotonic() + 1.3
    while time.monotonic() < ends:
        seen.append(hooks.presence().active_ms)
        time.sleep(0.002)
    assert seen == sorted(seen)


def test_the_screen_saver_counts_as_locked_only_while_it_shows(desktop, hooks):
    assert isinstance(hooks.presence().locked, Unknown)
    subprocess.run(["xset", "s", "activate"], env=desktop.env(), check=True)
    hooks.until(lambda: hooks.presence().locked is True)
    subprocess.run(["xset", "s", "reset"], env=desktop.env(), check=True)
    hooks.until(lambda: isinstance(hooks.presence().locked, Unknown))
