"""What is made of the answers of macOS, with the plugin's own calls into a library that answers as documented."""

from __future__ import annotations

import os
import sys
import time

import pytest

import workdiary_macos
from workdiary.errors import NotHereError
from workdiary.payloads import Cause, Decision, Monitor, Occasion, Rect, Tick, Unknown, Verdict, VisibleWindow, Window
from workdiary_macos.api import Mac
from workdiary_macos.plugin import system
from workdiary_macos.screen import FORBIDDEN, NO_DISPLAY, NOTHING, REMEDY, WITHDRAWN
from workdiary_macos.session import NO_SESSION

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)
OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="", monitors="all")
MENU_LAYER = 25


def window():
    return workdiary_macos.workdiary_capture_window(TICK)


def presence():
    return workdiary_macos.workdiary_presence(TICK)


def survey():
    return workdiary_macos.workdiary_survey_screen(OCCASION)


def decide():
    return workdiary_macos.workdiary_decide_snapshot(OCCASION)


def denied(why):
    return Decision(verdict=Verdict.DENY, reason=f"{why.reason} ({REMEDY.rstrip('.')})")


def until(ready, seconds=5.0):
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


def test_the_active_window_is_the_topmost_usual_one(mac, start):
    start()
    mac.show((7, "Dock", "", 90, MENU_LAYER), (8, "Editor", "Chapter 1: naïve"), (9, "Mail", "Inbox"))
    assert window() == Window(app="Editor", title="Chapter 1: naïve", handle="8")
    mac.show((9, "Mail", "Inbox"), (8, "Editor", "Chapter 1"))
    assert window() == Window(app="Mail", title="Inbox", handle="9")


def test_without_a_window_nothing_is_active(mac, start):
    start()
    assert window() == NOTHING


def test_the_survey_has_displays_and_windows_with_menus_top_first(mac, start):
    start()
    mac.show(
        (7, "Editor", "", 100, MENU_LAYER, (0, 0, 200, 30)),
        (8, "Editor", "Chapter 1"),
        (9, "x", "", 1, 0, (0, 0, 0, 0)),
    )
    found = survey()
    assert found.monitors == (Monitor(name="1", rect=Rect(x=0, y=0, width=1440, height=900), primary=True),)
    assert found.windows == (
        VisibleWindow(app="Editor", title="", rect=Rect(x=0, y=0, width=200, height=30), handle="7"),
        VisibleWindow(app="Editor", title="Chapter 1", rect=Rect(x=10, y=20, width=400, height=300), handle="8"),
    )


def test_without_a_display_there_is_no_survey(mac, start):
    start()
    mac.say("display")
    assert survey() == NO_DISPLAY


def test_without_the_permission_no_window_no_place_and_no_picture_is_given_and_the_remedy_is_named(mac, start):
    start()
    mac.show((8, "Editor", "Chapter 1"), named=False).say("record", 0)
    assert window() == survey() == FORBIDDEN
    assert decide() == denied(FORBIDDEN)
    assert {(one.ok, one.remedy) for one in workdiary_macos.workdiary_checks()[:2]} == {(False, REMEDY)}


def test_a_permission_that_was_withdrawn_is_known_by_the_names_that_are_missing(mac, start):
    start()
    mac.show((8, "Editor", "Chapter 1"), (9, "Mail", "Inbox"))
    assert (decide(), window().app) == (None, "Editor")
    mac.show((8, "Editor", "Chapter 1"), (9, "Mail", "Inbox"), named=False)  # while this process is told the old answer
    assert window() == survey() == WITHDRAWN
    assert decide() == denied(WITHDRAWN)


def test_a_picture_of_the_wallpaper_alone_is_never_taken_for_one(mac, start):
    """Positive control: the wallpaper alone, where there really is no window, may be taken."""
    start()
    own = (8, "Python", "", os.getpid())
    for shown, named, verdict in (
        ([], True, None),
        ([own], False, None),
        ([own, (9, "Mail", "Inbox")], False, Verdict.DENY),
        ([own, (9, "Mail", "Inbox")], True, None),
    ):
        mac.show(*shown, named=named)
        assert getattr(decide(), "verdict", None) is verdict


def test_activity_follows_the_time_since_the_last_input(mac, start):
    wakes = start()
    assert presence().idle_ms >= 90_000
    mac.say("idle", 0.1)
    until(lambda: presence().idle_ms == 0)
    assert wakes
    before = presence().active_ms
    time.sleep(0.3)
    assert 250 <= presence().active_ms - before <= 400
    mac.say("idle", 5)
    until(lambda: presence().idle_ms >= 1000)


@pytest.mark.parametrize(
    ("told", "locked"), [((1, 0), False), ((1, 1), True), ((0, 0), True), ((), NO_SESSION)],
    ids=["open", "locked", "somebody else's is in front", "none, as over a network"],
)  # fmt: skip
def test_the_lock_is_what_the_session_says(mac, start, told, locked):
    mac.say("session", *told)
    start()
    assert presence().locked == locked


def test_a_lock_is_seen_within_a_second_and_a_half(mac, start):
    wakes = start()
    assert presence().locked is False
    mac.say("session", 1, 1)
    until(lambda: presence().locked is True, 1.5)
    assert wakes


def test_it_stops_at_once_and_starts_again(mac, start):
    start()
    presence()
    began = time.monotonic()
    workdiary_macos.workdiary_stop()
    workdiary_macos.workdiary_stop()
    assert time.monotonic() - began < 0.5
    start()
    assert not isinstance(presence(), Unknown)


@pytest.mark.skipif(sys.platform == "darwin", reason="this is macOS")
def test_elsewhere_it_is_not_here():
    with pytest.raises(NotHereError, match="not macOS"):
        system()


def test_a_macos_without_one_of_the_functions_is_named(library):
    with pytest.raises(NotHereError, match="no CFRelease"):
        Mac(str(library.with_name("nowhere.so")))
