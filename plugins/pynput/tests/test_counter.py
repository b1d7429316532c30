from __future__ import annotations

from types import SimpleNamespace

import pytest

from workdiary_pynput.counter import HELD_AT_MOST, QUIET, WAKE_AFTER, Counter


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def wakes():
    return []


@pytest.fixture
def counter(clock, wakes):
    return Counter(lambda: wakes.append(1), clock)


def test_auto_repeat_counts_once_and_the_next_press_again(counter):
    for _ in range(5):
        counter.on_press("a")
    counter.on_release("a")
    counter.on_press("a")
    assert counter.keys == 2


def test_a_release_without_shift_ends_a_press_with_shift(counter):
    counter.on_press(SimpleNamespace(vk=65, char="A"))
    counter.on_release(SimpleNamespace(vk=65, char="a"))
    counter.on_press(SimpleNamespace(vk=65, char="A"))
    assert counter.keys == 2


def test_a_lost_release_is_forgotten_after_quiet(counter, clock):
    counter.on_press("a")
    clock.now += QUIET + 1
    counter.on_press("a")
    assert counter.keys == 2


def test_held_keys_are_bounded(counter):
    for code in range(HELD_AT_MOST * 10):
        counter.on_press(code)
    assert counter.keys == HELD_AT_MOST * 10
    assert len(counter._held) <= HELD_AT_MOST


def test_callbacks_take_calls_with_and_without_injected_and_return_none(counter):
    assert counter.on_press("a") is counter.on_press("b", True) is None
    assert counter.on_release("a") is counter.on_release("b", True) is None
    assert counter.on_click(1, 2, "left", True) is counter.on_click(1, 2, "left", False, True) is None
    assert counter.on_scroll(1, 2, 0, -1) is counter.on_scroll(1, 2, 2, 0, True) is None
    assert (counter.keys, counter.clicks, counter.scrolls, counter.errors) == (2, 1, 3, 0)


def test_a_callback_never_raises(counter):
    assert counter.on_press([]) is None  # not hashable
    assert counter.on_scroll(0, 0, "x", None) is None
    assert counter.errors == 2


def test_the_first_input_after_quiet_wakes_core_once(counter, clock, wakes):
    clock.now += WAKE_AFTER + 1
    counter.on_click(0, 0, "left", True)
    counter.on_scroll(0, 0, 0, 1)
    counter.on_press("a")
    assert wakes == [1]
