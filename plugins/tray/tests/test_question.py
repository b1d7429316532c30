"""The question about time without input: the icon asks for a look, and the menu begins with the three answers."""

from __future__ import annotations

import importlib.util
import time
from dataclasses import replace
from pathlib import Path

import pytest

from workdiary_tray.dock import GROUND
from workdiary_tray.menu import menu
from workdiary_tray.question import Question, in_words
from workdiary_tray.view import State, View, icon, lines

LIB = Path(__file__).parents[3] / "contrib" / "lib"
ANSWERS = ["Keep: I was working (the contract's default)", "Discard and go on", "Discard and stop"]
ASKED = Question(since="2026-11-25T13:02:10Z", until="2026-11-25T13:31:55Z", seconds=1785, default="keep")


def quick_idle():
    spec = importlib.util.spec_from_file_location("quick_idle", LIB / "quick_idle.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def asks_soon(desk) -> Path:
    """Have the contract ask after a second; return the file that says that somebody is there."""
    folder = desk.base / "plugins"
    desk.env["PYTHONPATH"] = str(folder)
    desk.cli("contract", "edit", "acme", "--idle-minutes", "1")
    return quick_idle().install(folder)


@pytest.fixture
def vienna(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Vienna")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def away(bare):
    """Track with a contract that asks after a second, while nobody is there; wait for the question."""
    somebody = asks_soon(bare)
    bare.cli("start", "acme", "--memo", "drawing")
    bare.wait_for(lambda: bare.status()["idle"], what="the question")
    return somebody


def shown(host) -> list[str]:
    """Return the entries of the first level, as they stand."""
    return [one for one in host.entries() if "/" not in one]


def comes_back(bare, somebody) -> None:
    somebody.touch()
    bare.wait_for(lambda: (bare.status()["idle"] or {}).get("until"), what="the return")


def gaps(bare) -> list[str]:
    return [line for line in bare.cli("diary").splitlines() if "idle, discarded by the freelancer" in line]


def test_it_is_asked_in_words_on_the_machines_own_clock(vienna):
    asked = "Nobody was at the keyboard from 14:02 to 14:31 (29 min). What was it?"
    assert lines(View(question=ASKED))[0] == in_words(ASKED) == asked
    growing = replace(ASKED, until="")
    assert in_words(growing) == "Nobody has been at the keyboard since 14:02. What is it?"


def test_the_menu_begins_with_the_question_and_its_answers():
    view = View(state=State.TRACKING, contract="acme", question=ASKED, picture=ASKED.since)
    first = menu(view)[:4]
    assert [one.label for one in first] == [in_words(ASKED), *ANSWERS]
    assert [(one.action, one.argument) for one in first[1:]] == [("idle", one) for one in ("keep", "discard", "stop")]
    keys = [one.key for entry in menu(view) for one in (entry, *entry.children)]
    assert len(keys) == len(set(keys))
    other = menu(replace(view, question=replace(ASKED, default="discard", since="2026-11-25T15:00:00Z")))
    assert other[2].label == "Discard and go on (the contract's default)"
    assert not {one.key for one in first} & {one.key for one in other}, "a late click would answer another question"


def test_the_icon_warns_whatever_is_tracked():
    assert icon(View(state=State.PAUSED, question=ASKED)) is State.TROUBLE
    assert icon(View(state=State.PAUSED)) is State.PAUSED


def test_the_icon_asks_to_be_looked_at_until_somebody_has_answered(bare, away):
    host = bare.host(bare.tray())
    bare.wait_for(lambda: host.item("Status") == "NeedsAttention", what="the question in the tray")
    assert shown(host)[0].startswith("Nobody has been at the keyboard since ")
    assert shown(host)[1:4] == ANSWERS
    assert host.item("ToolTip")[3].startswith("Nobody has been at the keyboard since ")
    comes_back(bare, away)
    bare.wait_for(lambda: shown(host)[0].startswith("Nobody was at the keyboard from "), what="the return")
    host.click(ANSWERS[0])
    bare.wait_for(lambda: host.item("Status") == "Active", what="the answer")
    assert shown(host)[0] == "Tracking: acme"
    assert bare.status()["idle"] is None
    assert gaps(bare) == []


def test_discard_and_go_on_leaves_a_gap_and_goes_on(bare, away):
    host = bare.host(bare.tray())
    comes_back(bare, away)
    bare.wait_for(lambda: ANSWERS[1] in host.entries())
    host.click(ANSWERS[1])
    bare.wait_for(lambda: len(gaps(bare)) == 1, what="the gap")
    bare.wait_for(lambda: host.item("Status") == "Active")
    assert bare.status()["state"] == "tracking"


def test_discard_and_stop_leaves_a_gap_and_stops(bare, away):
    host = bare.host(bare.tray())
    comes_back(bare, away)
    bare.wait_for(lambda: ANSWERS[2] in host.entries())
    host.click(ANSWERS[2])
    bare.wait_for(lambda: "Stopped" in host.entries(), what="the end")
    assert len(gaps(bare)) == 1
    assert host.item("Status") == "Active"


def test_an_answer_that_comes_too_late_does_nothing(bare, away):
    host = bare.host(bare.tray())
    comes_back(bare, away)
    bare.wait_for(lambda: ANSWERS[1] in host.entries())
    discard, _ = host.entries()[ANSWERS[1]]
    bare.cli("idle", "keep")
    bare.wait_for(lambda: ANSWERS[1] not in host.entries())
    away.unlink()
    bare.wait_for(lambda: ANSWERS[1] in host.entries(), what="another question")
    host.menu("Event", "isvu", (discard, "clicked", ("s", ""), 0))
    comes_back(bare, away)
    assert gaps(bare) == []


def test_a_tracker_that_is_gone_asks_nothing(bare, away):
    host = bare.host(bare.tray())
    bare.wait_for(lambda: ANSWERS[0] in host.entries())
    bare.ask("stop")
    bare.wait_for(lambda: "Stopped" in host.entries())
    assert ANSWERS[0] not in host.entries()


def test_a_real_panel_shows_the_question(desk, start_panel):
    start_panel()
    asks_soon(desk)
    desk.tray()
    desk.wait_for(lambda: desk.icon() is State.STOPPED, what="the icon")
    desk.cli("start", "acme")
    desk.wait_for(lambda: desk.icon() is State.TROUBLE, what="the icon that asks")
    assert desk.status()["idle"]


def test_the_menu_of_xembed_answers_by_the_keyboard(desk):
    desk.spawn("trayer", "--edge", "top", "--align", "left", "--widthtype", "request", "--height", "26")
    desk.tray()
    desk.wait_for(lambda: desk.icon(24, GROUND) is State.STOPPED, what="the icon")
    asks_soon(desk)
    desk.cli("start", "acme")
    desk.wait_for(lambda: desk.icon(24, GROUND) is State.TROUBLE, what="the icon that asks")
    desk.desktop.move(12, 12)
    desk.desktop.click(3)
    desk.wait_for(lambda: (desk.status()["idle"] or {}).get("until"), what="the return")
    desk.desktop.key("Down", "Down", "Return")
    desk.wait_for(lambda: gaps(desk), what="the gap")
    assert desk.status()["state"] == "tracking"
