from __future__ import annotations

import threading
import time

import pytest

from workdiary.payloads import Unknown, Window
from workdiary_pywinctl.reader import ANSWER_WITHIN, FRESH_FOR, LATE, STUCK_AFTER, Reader

WINDOW = Window(app="a", title="t")


class Clock:
    offset = 0.0

    def __call__(self):
        return time.monotonic() + self.offset


class Slow:
    """A reading that hangs until it is let go."""

    def __init__(self):
        self.go = threading.Event()
        self.calls = 0

    def __call__(self):
        self.calls += 1
        self.go.wait(10)
        return WINDOW


@pytest.fixture
def readers():
    made = []
    yield lambda read, clock=time.monotonic: made.append(Reader(read, clock)) or made[-1]
    for reader in made:
        reader.end()


def test_a_quick_reading_is_the_answer(readers):
    assert readers(lambda: WINDOW).ask() == WINDOW


def test_a_slow_reading_is_unknown_in_time_and_is_begun_only_once(readers):
    slow = Slow()
    reader = readers(slow)
    begin = time.monotonic()
    assert reader.ask() is reader.ask() is LATE
    assert time.monotonic() - begin < 2 * ANSWER_WITHIN + 0.2
    assert slow.calls == 1
    slow.go.set()


def test_a_reading_that_came_late_serves_the_next_call_while_it_is_fresh(readers):
    slow = Slow()
    reader = readers(slow)
    assert reader.ask() is LATE
    slow.go.set()
    assert reader.ask() == WINDOW


def test_a_reading_that_came_much_too_late_is_dropped(readers):
    slow, clock = Slow(), Clock()
    reader = readers(slow, clock)
    assert reader.ask() is LATE
    clock.offset = FRESH_FOR
    slow.go.set()
    time.sleep(0.05)
    slow.go.clear()
    assert reader.ask() is LATE
    slow.go.set()


def test_a_reading_that_never_returns_is_noticed(readers):
    slow, clock = Slow(), Clock()
    reader = readers(slow, clock)
    reader.ask()
    assert not reader.is_stuck()
    clock.offset = STUCK_AFTER
    assert reader.is_stuck()
    slow.go.set()


def test_an_error_is_unknown_and_says_nothing_of_the_title(readers):
    def odd():
        raise ValueError("a title nobody may see")

    answer = readers(odd).ask()
    assert isinstance(answer, Unknown)
    assert answer.reason == "the active window could not be read (ValueError)"
