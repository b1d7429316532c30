from __future__ import annotations

import logging
from dataclasses import replace

import pytest

import workdiary_redact
from workdiary.context import PluginContext
from workdiary.payloads import (
    Cause,
    Frame,
    Monitor,
    Occasion,
    Rect,
    ScreenMap,
    Snapshot,
    Unknown,
    VisibleWindow,
    Window,
)
from workdiary_redact import apply_rules
from workdiary_redact.fill import COLOUR
from workdiary_redact.rules import Config

SCREEN = Rect(x=0, y=0, width=200, height=100)
OLD = bytes((9, 9, 9, 0))
BANK = VisibleWindow(app="firefox", title="Bank", rect=Rect(x=20, y=20, width=30, height=30), handle="1")
CODE = VisibleWindow(app="editor", title="code", rect=Rect(x=120, y=20, width=40, height=40), handle="2")
NO_BANK = Config(exclude_titles=("bank",))


def screen(*windows):
    return ScreenMap(monitors=(Monitor(name="m", rect=SCREEN),), windows=windows)


def snapshot(before, after=None, active=CODE):
    return Snapshot(
        occasion=Occasion(cause=Cause.DERIVED, wall_ms=0, contract="c"),
        window=Window(app=active.app, title=active.title, handle=active.handle),
        frames=(Frame(rect=SCREEN, width=200, height=100, pixels=OLD * 20_000),),
        before=before,
        after=after or before,
    )


def pixel(seen, x, y):
    at = (y * 200 + x) * 4
    return seen.frames[0].pixels[at : at + 4]


def test_without_rules_nothing_is_touched():
    assert apply_rules(Config(), snapshot(screen(BANK))) is None


def test_an_excluded_window_is_filled_although_another_has_the_focus():
    seen = apply_rules(NO_BANK, snapshot(screen(CODE, BANK)))
    assert pixel(seen, 30, 30) == COLOUR
    assert pixel(seen, 130, 30) == OLD
    assert (seen.window.app, seen.window.title) == ("editor", "code")


def test_an_excluded_window_is_filled_wholly_although_another_lies_over_it():
    over = replace(CODE, rect=Rect(x=0, y=0, width=100, height=100))
    assert pixel(apply_rules(NO_BANK, snapshot(screen(over, BANK))), 30, 30) == COLOUR


def test_eight_pixels_around_are_filled_too():
    seen = apply_rules(NO_BANK, snapshot(screen(BANK)))
    assert [pixel(seen, x, 30) == COLOUR for x in (11, 12, 57, 58)] == [False, True, True, False]


def test_an_excluded_active_window_loses_title_and_application():
    seen = apply_rules(NO_BANK, snapshot(screen(BANK), active=BANK))
    assert (seen.window.app, seen.window.title) == ("[excluded]", "[excluded]")


def test_a_masked_active_window_keeps_its_application():
    seen = apply_rules(Config(mask_apps=("firefox",)), snapshot(screen(BANK), active=BANK))
    assert (seen.window.app, seen.window.title) == ("firefox", "[masked]")
    assert pixel(seen, 30, 30) == COLOUR


def test_a_window_that_moves_during_the_grab_is_covered_on_its_whole_way():
    moved = replace(BANK, rect=Rect(x=150, y=20, width=30, height=30))
    seen = apply_rules(NO_BANK, snapshot(screen(BANK), screen(moved)))
    assert {pixel(seen, x, 30) for x in (25, 100, 170)} == {COLOUR}


@pytest.mark.parametrize("maps", [(screen(BANK), screen()), (screen(), screen(BANK))])
def test_a_window_that_comes_or_goes_during_the_grab_is_covered(maps):
    assert pixel(apply_rules(NO_BANK, snapshot(*maps)), 30, 30) == COLOUR


def test_a_title_that_changes_during_the_grab_stays_hidden():
    other = replace(BANK, title="News", rect=Rect(x=60, y=60, width=30, height=30))
    active = replace(BANK, title="News")
    for maps in [(screen(BANK), screen(other)), (screen(other), screen(BANK))]:
        seen = apply_rules(NO_BANK, snapshot(*maps, active=active))
        assert pixel(seen, 70, 70) == pixel(seen, 30, 30) == COLOUR
        assert seen.window.title == "[excluded]"


def test_the_active_windows_own_title_counts_although_no_map_shows_it_any_more():
    renamed = replace(BANK, title="News")
    seen = apply_rules(NO_BANK, snapshot(screen(renamed), active=BANK))
    assert pixel(seen, 30, 30) == COLOUR


@pytest.mark.parametrize("app", ["firefox", ""])
def test_a_menu_without_a_title_goes_with_its_window(app):
    menu = VisibleWindow(app=app, title="", rect=Rect(x=150, y=60, width=20, height=20))
    assert pixel(apply_rules(NO_BANK, snapshot(screen(menu, BANK))), 155, 65) == COLOUR
    assert pixel(apply_rules(NO_BANK, snapshot(screen(menu, CODE))), 155, 65) == OLD


@pytest.mark.parametrize("side", ["before", "after"])
def test_without_a_map_there_is_no_picture(side):
    blind = replace(snapshot(screen(BANK)), **{side: Unknown(reason="no map")})
    with pytest.raises(RuntimeError, match="what to cover"):
        apply_rules(NO_BANK, blind)


def test_without_a_map_titles_alone_are_still_filtered():
    blind = replace(snapshot(screen(), active=BANK), frames=(), before=Unknown(reason="-"), after=Unknown(reason="-"))
    assert apply_rules(NO_BANK, blind).window.title == "[excluded]"


def test_an_excluded_active_window_that_no_map_shows_means_no_picture():
    with pytest.raises(RuntimeError, match="does not show it"):
        apply_rules(Config(exclude_titles=("bank", "code")), snapshot(screen(CODE), active=BANK))


@pytest.mark.parametrize("rules", [Config(mask_apps=("firefox",)), Config(exclude_titles=("*",)), NO_BANK])
def test_a_second_pass_changes_nothing(rules):
    nameless = replace(BANK, handle="")
    once = apply_rules(rules, snapshot(screen(nameless), active=nameless))
    assert apply_rules(rules, once) == once


def test_an_unknown_window_stays_unknown_and_the_picture_is_filled():
    seen = apply_rules(NO_BANK, replace(snapshot(screen(BANK)), window=Unknown(reason="no meter")))
    assert seen.window == Unknown(reason="no meter")
    assert pixel(seen, 30, 30) == COLOUR


def test_nothing_in_focus_is_no_window_to_hide():
    seen = apply_rules(Config(exclude_titles=("*",)), replace(snapshot(screen(BANK)), window=Window(app="", title="")))
    assert seen.window == Window(app="", title="")


def test_a_filter_that_was_not_started_lets_nothing_through():
    workdiary_redact.workdiary_stop()
    with pytest.raises(RuntimeError, match="not started"):
        workdiary_redact.workdiary_redact(snapshot(screen()))


def test_the_hooks_use_the_settings_that_the_host_hands_over(tmp_path):
    workdiary_redact.workdiary_start(
        PluginContext(
            name="redact",
            config=NO_BANK,
            log=logging.getLogger("redact"),
            state_directory=tmp_path,
            wake=lambda: None,
        )
    )
    seen = workdiary_redact.workdiary_redact(snapshot(screen(BANK)))
    workdiary_redact.workdiary_stop()
    assert pixel(seen, 30, 30) == COLOUR
