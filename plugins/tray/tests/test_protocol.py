"""What the tray says and does on the bus, asked as panels ask."""

from __future__ import annotations

import os
import signal
import time

import pytest

MENU = "com.canonical.dbusmenu"


def test_the_menu_follows_the_state(bare):
    host = bare.host(bare.tray())
    assert list(host.entries()) == ["Stopped", "All contracts: today 0:00, this week 0:00", "Start", "Start/acme",
                                    "Open diary", "Quit tray"]  # fmt: skip
    bare.cli("start", "acme", "--memo", "drawing")
    bare.wait_for(lambda: "Tracking: acme" in host.entries())
    running = list(host.entries())
    assert running[:2] == ["Tracking: acme", "drawing"]
    assert [one for one in running if one in {"Pause", "Resume", "Stop", "Start"}] == ["Pause", "Stop"]
    bare.ask("pause")
    bare.wait_for(lambda: "Resume" in host.entries())
    assert "Paused: acme" in host.entries()


def test_what_is_chosen_is_done(bare):
    bare.cli("contract", "add", "globex", "--rate", "60")
    host = bare.host(bare.tray())
    host.click("Start/acme")
    bare.wait_for(lambda: bare.status()["state"] == "tracking")
    bare.wait_for(lambda: "Pause" in host.entries())
    host.click("Pause")
    bare.wait_for(lambda: bare.status()["state"] == "paused")
    bare.wait_for(lambda: "Resume" in host.entries())
    host.click("Resume")
    bare.wait_for(lambda: "Switch to/globex" in host.entries() and "Pause" in host.entries())
    host.click("Switch to/globex")
    bare.wait_for(lambda: bare.status()["contract"] == "globex")
    bare.wait_for(lambda: "Tracking: globex" in host.entries())
    host.click("Stop")
    bare.wait_for(lambda: bare.status()["state"] == "stopped")
    bare.wait_for(lambda: "Start/globex" in host.entries())


def test_the_last_memos_of_the_contract_are_offered(bare):
    bare.cli("start", "acme", "--memo", "first_draft")
    bare.ask("stop")
    bare.cli("start", "acme", "--memo", "second")
    host = bare.host(bare.tray())
    bare.wait_for(lambda: "Memo/first__draft" in host.entries())  # doubled, or the panel would underline what follows
    host.click("Memo/first__draft")
    bare.wait_for(lambda: bare.status()["memo"] == "first_draft")
    bare.wait_for(lambda: "Memo/first__draft" not in host.entries())


def test_icon_title_and_tooltip_change_with_a_signal(bare):
    host = bare.host(bare.tray())
    before = host.item("IconPixmap")
    assert [(width, height, len(pixels)) for width, height, pixels in before] == [
        (size, size, size * size * 4) for size in (22, 24, 48)
    ]
    heard = [host.hear("org.kde.StatusNotifierItem", name) for name in ("NewIcon", "NewTitle", "NewToolTip")]
    bare.cli("start", "acme", "--memo", "<i>")
    for wait in heard:
        wait()
    assert host.item("IconPixmap") != before
    assert host.item("Title") == "Workdiary: Tracking: acme"
    assert host.item("Status") == "Active"
    _, _, title, text = host.item("ToolTip")
    assert title == "Workdiary: Tracking: acme"
    assert text.splitlines()[0] == "&lt;i&gt;", "tooltips are read as markup"


def test_each_change_of_the_menu_has_a_new_revision(bare):
    host = bare.host(bare.tray())
    heard = host.hear(MENU, "LayoutUpdated")
    before, _ = host.menu("GetLayout", "iias", (0, 1, []))
    bare.cli("start", "acme")
    after, parent = heard()
    assert after > before
    assert parent == 0


def test_the_menu_speaks_the_whole_protocol(bare):
    host = bare.host(bare.tray())
    entries = host.entries()
    start, quit_ = entries["Start"][0], entries["Quit tray"][0]
    _, (number, values, children) = host.menu("GetLayout", "iias", (start, 1, ["label"]))
    assert (number, values) == (start, {"label": ("s", "Start")})
    assert [child[1][1]["label"] for child in children] == [("s", "acme")]
    (_, (_, _, below)) = host.menu("GetLayout", "iias", (0, 1, []))
    assert all(child[1][2] == [] for child in below), "depth 1 is the first level alone"
    (found,) = host.menu("GetGroupProperties", "aias", ([start, quit_, 999], ["label"]))
    assert found == [(start, {"label": ("s", "Start")}), (quit_, {"label": ("s", "Quit tray")})]
    assert host.menu("GetProperty", "is", (start, "children-display")) == (("s", "submenu"),)
    assert host.menu("AboutToShow", "i", (0,)) == (False,)
    assert host.menu("AboutToShowGroup", "ai", ([0, 999],)) == ([], [999])
    event = ("hovered", ("s", ""), 0)
    assert host.menu("EventGroup", "a(isvu)", ([(start, *event), (999, *event)],)) == ([999],)
    properties = host.ask("/Menu", "org.freedesktop.DBus.Properties", "GetAll", "s", (MENU,))[0]
    assert properties["Version"] == ("u", 3)


@pytest.mark.parametrize(
    ("member", "signature", "body"),
    [("GetLayout", "s", ("x",)), ("GetLayout", "iias", (999, -1, [])), ("Event", None, ()), ("Nonsense", None, ())],
)
def test_a_wrong_call_gets_an_error_and_harms_nobody(bare, member, signature, body):
    tray = bare.tray()
    host = bare.host(tray)
    with pytest.raises(Exception, match=r"org\.freedesktop\.DBus\.Error\.(InvalidArgs|UnknownMethod)"):
        host.menu(member, signature, body)
    assert "Quit tray" in host.entries()


def test_an_entry_keeps_its_number_and_a_late_click_does_nothing_else(bare):
    bare.cli("start", "acme")
    host = bare.host(bare.tray())
    stop = host.entries()["Stop"][0]
    bare.ask("stop")
    bare.wait_for(lambda: "Stopped" in host.entries())
    host.menu("Event", "isvu", (stop, "clicked", ("s", ""), 0))  # the panel showed the menu of before
    bare.cli("start", "acme")
    bare.wait_for(lambda: "Stop" in host.entries())
    assert host.entries()["Stop"][0] == stop
    assert bare.status()["state"] == "tracking"


def test_a_tracker_started_elsewhere_shows_within_a_second(bare):
    host = bare.host(bare.tray())
    bare.cli("start", "acme")
    bare.wait_for(lambda: "Tracking: acme" in host.entries(), 1.0)


def test_a_killed_tracker_shows_as_stopped_and_its_successor_is_found(bare):
    bare.cli("start", "acme")
    host = bare.host(bare.tray())
    bare.wait_for(lambda: "Tracking: acme" in host.entries())
    os.kill(bare.status()["pid"], signal.SIGKILL)
    bare.wait_for(lambda: "Stopped" in host.entries(), 1.0)
    bare.cli("start", "acme")
    bare.wait_for(lambda: "Tracking: acme" in host.entries(), 1.0)


def test_a_tracker_that_does_not_answer_is_trouble_until_it_does(bare):
    bare.cli("start", "acme")
    host = bare.host(bare.tray())
    bare.wait_for(lambda: "Pause" in host.entries())
    pid = bare.status()["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        host.click("Pause")
        bare.wait_for(lambda: host.item("Status") == "NeedsAttention", 8.0)
        assert "Trouble: the tracker does not answer" in host.entries()
    finally:
        os.kill(pid, signal.SIGCONT)
    bare.wait_for(lambda: host.item("Status") == "Active")
    bare.wait_for(lambda: "Resume" in host.entries())


def test_a_refusal_is_shown_until_something_else_happens(bare):
    bare.cli("contract", "add", "globex", "--rate", "60")
    bare.cli("start", "acme")
    host = bare.host(bare.tray())
    bare.wait_for(lambda: "Switch to/globex" in host.entries())
    number, _ = host.entries()["Switch to/globex"]
    bare.cli("contract", "end", "globex")
    host.menu("Event", "isvu", (number, "clicked", ("s", ""), 0))
    refused = "Refused: globex is ended. workdiary contract edit globex --status active"
    shown = bare.wait_for(lambda: [one for one in host.entries() if one.startswith("Refused")])
    assert shown == [refused]
    assert refused in host.item("ToolTip")[3]
    assert bare.status()["contract"] == "acme"
    host.click("Pause")
    bare.wait_for(lambda: "Resume" in host.entries())
    assert not [one for one in host.entries() if one.startswith("Refused")]


def test_contracts_that_cannot_be_tracked_are_not_offered(bare):
    bare.cli("contract", "add", "flat", "--fixed")
    bare.cli("contract", "add", "gone", "--rate", "60")
    bare.cli("contract", "end", "gone")
    host = bare.host(bare.tray())
    assert [one for one in host.entries() if one.startswith("Start/")] == ["Start/acme"]


def test_a_contract_added_while_nothing_runs_is_there_when_the_menu_opens(bare):
    host = bare.host(bare.tray())
    time.sleep(2.1)  # the journal is not read again within two seconds
    bare.cli("contract", "add", "globex", "--rate", "60")
    host.menu("AboutToShow", "i", (0,))
    bare.wait_for(lambda: "Start/globex" in host.entries())


def test_quit_ends_the_tray_and_leaves_the_tracker(bare):
    tray = bare.tray()
    host = bare.host(tray)
    host.click("Start/acme")
    bare.wait_for(lambda: "Quit tray" in host.entries() and "Stop" in host.entries())
    host.click("Quit tray")
    assert tray.wait(5) == 0
    assert bare.status()["state"] == "tracking"


def test_a_broken_journal_is_trouble_and_not_an_empty_diary(bare):
    (bare.base / "home" / "data" / "journal.sqlite").write_bytes(b"this is no database" * 300)
    tray = bare.tray()
    host = bare.host_of(tray)
    bare.wait_for(lambda: [one for one in host.entries() if one.startswith("Trouble")])
    assert any("unknown" in one for one in host.entries()), "the times are not known"
    assert host.item("Status") == "NeedsAttention"
