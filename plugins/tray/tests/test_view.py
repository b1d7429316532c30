from __future__ import annotations

from dataclasses import replace

import pytest

from workdiary_tray.menu import menu
from workdiary_tray.text import hours, markup, plain, sentence
from workdiary_tray.view import State, View, icon, lines


def labels(view: View) -> list[str]:
    return [entry.label for entry in menu(view) if entry.label]


def test_what_is_not_known_is_not_zero():
    assert hours(None) == "unknown"
    assert hours(0) == "0:00"
    assert "today unknown" in lines(View())[0]
    assert labels(View())[2:3] == ["Start"]
    assert menu(View())[3].children[0].label == "The contracts are not known yet"


def test_without_contracts_the_menu_says_how_to_add_one():
    (entry,) = menu(View(contracts={}))[3].children
    assert entry.label.startswith("First: workdiary contract add")
    assert not entry.enabled


def test_trouble_has_an_icon_of_its_own_whatever_is_tracked():
    assert icon(View(state=State.TRACKING)) is State.TRACKING
    assert icon(View(state=State.TRACKING, trouble="the disk is full")) is State.TROUBLE


def test_the_last_picture_can_be_deleted_in_two_steps_while_its_ten_minutes_last():
    view = View(state=State.TRACKING, contract="acme")
    assert "Delete the last picture" not in labels(view)
    (first,) = [one for one in menu(replace(view, picture="10:20")) if one.key == "discard"]
    assert not first.action
    assert [(one.action, one.argument) for one in first.children] == [("discard", "10:20")]


def test_a_picture_that_nobody_was_told_of_is_a_remark():
    assert "You were not told of the last picture: no service" in lines(View(unannounced="no service"))


def test_every_entry_of_a_menu_has_a_key_of_its_own():
    view = View(state=State.TRACKING, contract="a", contracts={"a": ("x", "y"), "b": ()}, unknown=("k", "l"), memo="m")
    keys = [one.key for entry in menu(view) for one in (entry, *entry.children)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [("a\nb\tc", "a b c"), ("\x1b[31mred\x00", "[31mred"), ("x" * 100, "x" * 79 + "…"), ("  ", "")],
)
def test_no_text_breaks_a_menu(raw, shown):
    assert plain(raw).strip() == shown


def test_errors_and_markup_fit_on_one_line():
    assert sentence("it is locked\n  Wait until Monday.\n") == "it is locked. Wait until Monday"
    assert markup("<b>&") == "&lt;b&gt;&amp;"
