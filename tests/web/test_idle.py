"""The question about time without input, with a real tracker in which a minute of the contract lasts a second."""

from __future__ import annotations

import time

import pytest

from workdiary.errors import WorkdiaryError
from workdiary.link import client

BANNER = "section.idle"


def wait_for(ready, seconds=20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ready():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to pass in time")


def status(site):
    try:
        return client.call(site.home.socket, "status")
    except WorkdiaryError:
        return {"state": "stopped", "idle": None}


def away_and_back(site, somebody):
    site.machine.start("tern", "the parser")
    wait_for(lambda: status(site)["idle"])
    somebody.touch()
    wait_for(lambda: status(site)["idle"]["until"])


def recorded(site, what):
    """Return the entries of the journal that say so."""
    week = site.book.week("tern", site.book.weeks("tern")[-1])
    return [gap.reason for gap in week.gaps if what in gap.reason]


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(
    ("button", "state", "gaps"),
    [("Keep: I was working", "tracking", 0), ("Discard and go on", "tracking", 1), ("Discard and stop", "stopped", 1)],
)
def test_it_is_answered_from_any_page(site, somebody, open_page, scripts, button, state, gaps):
    away_and_back(site, somebody)
    page = open_page(scripts=scripts)
    page.goto(site("contracts"))
    assert page.inner_text(f"{BANNER} [role=alert]").startswith("Nobody was at the keyboard from ")
    if not gaps:
        page.fill("#idle-memo", "meeting <b>")
    page.click(f"{BANNER} button:has-text('{button}')")
    page.wait_for_selector(f".state-{state}")
    assert page.url == site("contracts")
    assert page.locator(BANNER).count() == 0
    assert status(site)["idle"] is None
    if state == "tracking":
        client.call(site.home.socket, "stop")
    assert len(recorded(site, "idle, discarded by the freelancer")) == gaps
    week = site.book.week("tern", site.book.weeks("tern")[-1])
    assert any("meeting <b>" in one.memo for one in week.segments) is (not gaps)


def test_it_is_reached_by_the_keyboard_and_enter_in_the_memo_keeps(site, somebody, page):
    away_and_back(site, somebody)
    page.goto(site("queue"))
    assert page.evaluate("document.activeElement === document.body"), "the focus was stolen"
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        if reached[-1] == "idle-stop":
            break
    assert reached[-4:] == ["idle-memo", "idle-keep", "idle-discard", "idle-stop"]
    page.focus("#idle-memo")
    page.keyboard.type("call")
    page.keyboard.press("Enter")
    page.wait_for_selector(BANNER, state="detached")
    assert status(site)["idle"] is None
    assert recorded(site, "idle, discarded") == []


def test_axe_finds_nothing_and_nothing_hangs_over(site, somebody, page, axe):
    away_and_back(site, somebody)
    page.goto(site("contracts"))
    for width, height in ((1280, 800), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator(BANNER).count() == 1


@pytest.mark.parametrize("with_events", [True])
@pytest.mark.parametrize("path", ["contracts", "day"])
def test_it_comes_and_goes_while_a_page_is_open(site, somebody, page, path):
    page.goto(site(path))
    page.focus(".display summary")
    somebody.touch()
    site.machine.start("tern", "the parser")
    somebody.unlink()
    page.wait_for_selector(f"{BANNER}:has-text('Nobody has been at the keyboard since')")
    assert page.evaluate("document.activeElement.matches('.display summary')"), "the focus was stolen"
    page.fill("#idle-memo", "half a wo")
    somebody.touch()
    page.wait_for_selector(f"{BANNER}:has-text('Nobody was at the keyboard from')")
    assert page.input_value("#idle-memo") == "half a wo"
    assert page.evaluate("document.activeElement.id") == "idle-memo"
    client.call(site.home.socket, "idle", answer="keep")
    page.wait_for_selector(BANNER, state="detached")
