from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdiary.payloads import Frame, Monitor, Rect, ScreenMap, Unknown, VisibleWindow, Window
from workdiary.snapshot.monitors import CHANGED, DISAGREE, choose

LEFT, RIGHT = Rect(x=-20, y=0, width=20, height=10), Rect(x=0, y=0, width=30, height=10)
WINDOW = Window(app="A", title="T", handle="w")
NO_MAP = Unknown(reason="no plugin answers this")


def frame(rect, scale=1):
    width, height = rect.width * scale, rect.height * scale
    return Frame(rect=rect, width=width, height=height, pixels=bytes(width * height * 4))


def screen(*windows, primary=None):
    monitors = tuple(Monitor(name=str(rect.x), rect=rect, primary=rect == primary) for rect in (LEFT, RIGHT))
    return ScreenMap(monitors=monitors, windows=windows)


def window(x, width, handle="w"):
    return VisibleWindow(app="A", title="T", rect=Rect(x=x, y=2, width=width, height=5), handle=handle)


FRAMES = (frame(LEFT), frame(RIGHT))


@given(x=st.integers(-25, 29), width=st.integers(1, 40))
def test_the_monitor_with_the_larger_part_of_the_active_window_is_taken(x, width):
    parts = {rect: max(0, min(x + width, rect.x + rect.width) - max(x, rect.x)) for rect in (LEFT, RIGHT)}
    seen = screen(window(x, width), window(-20, 20, "other"), primary=RIGHT)
    (chosen,) = choose(FRAMES, "active", WINDOW, (NO_MAP, seen))
    assert parts[chosen.rect] == max(parts.values())


def test_the_later_map_knows_better_where_the_window_is():
    before, after = screen(window(5, 10)), screen(window(-15, 10))
    assert choose(FRAMES, "active", WINDOW, (before, after)) == (FRAMES[0],)
    assert choose(FRAMES, "active", WINDOW, (before, screen())) == (FRAMES[1],)  # closed meanwhile


@pytest.mark.parametrize("active", [Unknown(reason="?"), Window(app="", title=""), replace(WINDOW, handle="gone")])
def test_without_an_active_window_it_is_the_primary_monitor_or_the_first(active):
    seen = screen(window(5, 10, ""), primary=RIGHT)
    assert choose(FRAMES, "active", active, (seen, seen)) == (FRAMES[1],)
    assert choose(FRAMES, "active", active, (screen(), screen())) == (FRAMES[0],)
    assert choose(FRAMES, "active", active, (NO_MAP, NO_MAP)) == (FRAMES[0],)


def test_a_window_beyond_all_monitors_chooses_none_of_them():
    seen = screen(window(500, 10), primary=RIGHT)
    assert choose(FRAMES, "active", WINDOW, (seen, seen)) == (FRAMES[1],)


def test_all_means_all_in_their_order():
    assert choose(FRAMES, "all", WINDOW, (screen(), screen())) == FRAMES


def test_monitors_that_change_meanwhile_fail_closed():
    one = replace(screen(), monitors=screen().monitors[:1])
    assert choose(FRAMES, "all", WINDOW, (screen(), one)) == CHANGED
    assert choose(FRAMES[:1], "all", WINDOW, (one, screen())) == CHANGED


@pytest.mark.parametrize(
    "frames",
    [
        FRAMES[:1],
        (frame(LEFT), frame(replace(RIGHT, x=1))),
        (frame(LEFT), replace(frame(RIGHT), pixels=b"")),
        (frame(LEFT), replace(frame(RIGHT), width=10, height=30)),
        (frame(LEFT), replace(frame(RIGHT), width=0, height=0, pixels=b"")),
        (),
    ],
)
def test_a_picture_that_does_not_fit_the_monitors_fails_closed(frames):
    assert choose(frames, "active", WINDOW, (screen(), screen())) == DISAGREE


def test_scaled_monitors_and_split_ones_fit():
    scaled = (frame(LEFT, 2), frame(RIGHT))
    assert choose(scaled, "all", WINDOW, (screen(), screen())) == scaled
    whole = (frame(Rect(x=-20, y=0, width=50, height=10)),)
    assert choose(whole, "active", WINDOW, (screen(), screen())) == whole
