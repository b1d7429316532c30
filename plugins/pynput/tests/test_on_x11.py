from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workdiary.testing.desktop import VirtualDesktop

# As the host does it: a process of its own, one question at a time.
CHILD = """
import dataclasses, json, logging, pathlib, sys
import workdiary_pynput as plugin
from workdiary.context import PluginContext
from workdiary.payloads import Tick

context = PluginContext(name="pynput", config=None, log=logging.getLogger(), state_directory=pathlib.Path(),
                        wake=lambda: None)
tick = Tick(wall_ms=0, mono_ms=0, slot=0)
asked = {"start": lambda: plugin.workdiary_start(context), "stop": plugin.workdiary_stop,
         "read": lambda: dataclasses.asdict(plugin.workdiary_count_input(tick))}
for line in sys.stdin:
    try:
        answer = asked[line.strip()]()
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
"""


class Child:
    def __init__(self, env):
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def ask(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def totals(self):
        """Return the odometers once they stand still."""
        seen = self.ask("read")
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            time.sleep(0.15)
            last, seen = seen, self.ask("read")
            if last == seen:
                break
        return seen["keys"], seen["clicks"], seen["scrolls"]


@pytest.fixture(scope="module")
def desktop():
    with VirtualDesktop(width=400, height=300) as desktop:
        yield desktop


@pytest.fixture(scope="module")
def shared(desktop):
    with Child(desktop.env()) as child:
        assert child.ask("start") is None
        yield child


@pytest.fixture
def counted(shared):
    before = shared.totals()
    return lambda: tuple(now - then for now, then in zip(shared.totals(), before, strict=True))


def test_the_very_first_key_after_start_counts(desktop):
    with Child(desktop.env()) as child:
        assert child.ask("start") is None
        desktop.key("a")
        assert child.totals() == (1, 0, 0)


def test_every_key_counts_once_modifiers_included(desktop, counted):
    desktop.key("a", "Return", "F5", "Left", "BackSpace")
    desktop.key("ctrl+shift+x")
    assert counted() == (8, 0, 0)


def test_shift_let_go_before_the_letter_hides_no_later_press(desktop, counted):
    for _ in range(2):
        desktop.key_down("shift")
        desktop.key_down("a")
        desktop.key_up("shift")
        desktop.key_up("a")
    assert counted() == (4, 0, 0)


def test_a_held_key_counts_once(desktop, counted):
    desktop.key_down("b")
    time.sleep(1.0)  # the server repeats after 0.66 s, 25 times a second
    desktop.key_up("b")
    assert counted() == (1, 0, 0)


def test_every_button_but_the_wheel_is_a_click(desktop, counted):
    for button in (1, 2, 3, 8, 9):
        desktop.click(button)
    assert counted() == (0, 5, 0)


def test_a_wheel_step_in_any_direction_is_one_scroll(desktop, counted):
    for button in (4, 5, 6, 7):
        desktop.click(button, repeat=3)
    assert counted() == (0, 0, 12)


def test_motion_counts_nothing(desktop, counted):
    for step in range(50):
        desktop.move(step, step)
    assert counted() == (0, 0, 0)


def test_none_of_a_thousand_fast_presses_is_lost(desktop, counted):
    desktop.xdotool("type", "--delay", "0", "--", "abcdefghij" * 100)
    assert counted() == (1000, 0, 0)


def test_motion_is_not_even_delivered(desktop, shared, counted):
    before = cpu_ticks(shared.process.pid)
    desktop.xdotool(*(word for step in range(10_000) for word in ("mousemove", str(step % 300), str(step % 200))))
    assert counted() == (0, 0, 0)
    assert cpu_ticks(shared.process.pid) - before <= 8  # of 10 ms; with motion in its range pynput needs 20 and more


def cpu_ticks(pid):
    return sum(int(part) for part in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])


def test_stop_returns_at_once_without_any_event(desktop):
    with Child(desktop.env()) as child:
        assert child.ask("start") is None
        begin = time.monotonic()
        assert child.ask("stop") is None
        assert time.monotonic() - begin < 1
        assert child.ask("read") == {"reason": "pynput has not started"}
        assert child.ask("stop") is None


def test_a_dead_server_is_unknown_and_never_a_zero():
    with VirtualDesktop(width=400, height=300, window_manager=False) as desktop, Child(desktop.env()) as child:
        assert child.ask("start") is None
        desktop.kill_x()
        deadline = time.monotonic() + 5
        while "reason" not in (answer := child.ask("read")) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert answer["reason"].endswith("listener has ended")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"DISPLAY": ""}, "DISPLAY is not set"),
        ({"DISPLAY": ":999"}, "cannot be reached"),
    ],
)
def test_where_input_is_hidden_it_says_so_instead_of_counting(desktop, change, reason):
    with Child({**desktop.env(), **change}) as child:
        assert reason in child.ask("start")["error"]
        assert child.ask("read") == {"reason": "pynput has not started"}


def test_nothing_heavy_is_imported_before_start():
    code = "import sys, workdiary_pynput; print({'pynput', 'Xlib', 'ctypes'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
