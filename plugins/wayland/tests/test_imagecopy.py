"""ext-image-copy-capture against a compositor by script: the ones of this system do not offer it."""

from __future__ import annotations

import contextlib

import pytest
from fakecompositor import UNKNOWN_FORM, XBGR, XRGB, FakeCompositor

from workdiary.payloads import Rect, Unknown
from workdiary_wayland import shots
from workdiary_wayland.shots import NONE

UNKNOWN, OTHER_BUFFER, STOPPED = 0, 1, 2


@pytest.fixture
def world(tmp_path, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("workdiary_wayland.imagecopy.PATIENCE", 0.3)
    with contextlib.closing(FakeCompositor(tmp_path)) as found:
        yield found


@pytest.mark.parametrize("forms", [[XRGB], [UNKNOWN_FORM, XBGR], [XBGR, XRGB]])
def test_the_frame_is_what_was_drawn_and_lies_where_the_output_lies(world, start, forms):
    world.forms = forms
    (frame,) = start().grab()
    assert (frame.rect, frame.width, frame.height) == (Rect(x=-7, y=3, width=4, height=2), 4, 2)
    assert [frame.pixels[at : at + 3] for at in range(0, 32, 4)] == [bytes((n, 2 * n, 3 * n)) for n in range(1, 9)]


def test_pointers_are_not_painted_and_nothing_is_left_with_the_compositor(world, start):
    hooks = start()
    hooks.grab()
    assert world.options == [0]
    hooks.until(lambda: not world.left)


def test_an_output_that_is_turned_is_shown_upright(world, start):
    world.transform = 1  # a quarter turn
    (frame,) = start().grab()
    assert (frame.width, frame.height, frame.rect.width, frame.rect.height) == (2, 4, 2, 4)
    first_column_from_below = [bytes((n, 2 * n, 3 * n)) for n in (5, 1)]
    assert [frame.pixels[at : at + 3] for at in (0, 4)] == first_column_from_below


def test_an_output_that_changed_its_size_meanwhile_is_asked_again(world, start):
    world.fail = [OTHER_BUFFER]
    hooks = start()
    (frame,) = hooks.grab()
    assert (frame.width, frame.height) == (2, 4)
    hooks.until(lambda: not world.left)


@pytest.mark.parametrize("fail", [[UNKNOWN], [STOPPED], [OTHER_BUFFER, OTHER_BUFFER]])
def test_a_frame_that_fails_is_unknown(world, start, fail):
    world.fail = fail
    hooks = start()
    assert hooks.grab() == NONE
    hooks.until(lambda: not world.left)


@pytest.mark.parametrize("how", ["stops", "silent"])
def test_an_output_that_is_gone_or_switched_off_is_unknown_in_time(world, start, how):
    setattr(world, how, True)
    assert start().grab() == NONE


def test_a_format_that_is_not_known_is_named(world, start):
    world.forms = [UNKNOWN_FORM]
    assert "format that is not known" in start().grab().reason


def test_memory_of_an_absurd_size_is_not_asked_for(world, start, monkeypatch):
    monkeypatch.setattr(shots, "MOST_BYTES", 31)
    assert start().grab() == NONE


def test_a_compositor_that_hangs_up_is_unknown(world, start):
    hooks = start()
    world.hangs_up = True
    assert isinstance(hooks.grab(), Unknown)
