"""What reaches beyond the tracker: the diary in the browser, the last picture, a memo from the desktop's own dialog."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

from workdiary_tray.view import State

POLICY = '''
from workdiary.hooks import hookimpl

@hookimpl
def workdiary_plan_moments(slot):
    """Take a picture at once."""
    return [min(599, slot.from_offset + 1)]
'''


def program(place: Path, name: str, script: str) -> None:
    """Put a program of our own on the path, in the place of the desktop's."""
    path = place / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(stat.S_IRWXU)


def test_the_last_picture_is_deleted_in_two_steps(desk):
    info = desk.base / "plugins" / "at_once-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: at-once\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[workdiary]\nat-once = at_once\n")
    (info.parent / "at_once.py").write_text(POLICY)
    desk.env["PYTHONPATH"] = str(info.parent)
    desk.desktop.open_window("work")  # an empty screen makes no picture
    desk.cli("start", "acme")
    host = desk.host(desk.tray())
    last = "Delete the last picture/with the time of its ten minutes"
    desk.wait_for(lambda: last in host.entries(), 30.0, "the picture")
    assert desk.status()["open_segment"]["snapshot"]["images"]
    host.click(last)
    desk.wait_for(lambda: "deleted" in desk.cli("diary"), what="the deletion")
    assert [one for one in host.entries() if one.startswith("Refused")] == []
    assert desk.status()["state"] == "tracking"


def test_a_click_on_the_icon_opens_the_diary(desk, start_panel):
    opened = desk.base / "opened"
    program(desk.base, "browser", f'echo "$1" > {opened}')
    start_panel()
    desk.tray(BROWSER=str(desk.base / "browser"))
    desk.wait_for(lambda: desk.icon() is State.STOPPED)
    desk.desktop.move(11, 16)
    desk.desktop.click(1)
    try:
        desk.wait_for(opened.exists, 20.0, "the browser")
    finally:
        end_of_the_diary(desk)


def end_of_the_diary(desk) -> None:
    """End the pages' own process, which would stay for ten minutes."""
    wanted = f"WORKDIARY_HOME={desk.env['WORKDIARY_HOME']}".encode()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            ours = wanted in (place / "environ").read_bytes() and b"workdiary_web" in (place / "cmdline").read_bytes()
        except OSError:
            continue
        if ours:
            os.kill(int(place.name), signal.SIGKILL)


def test_a_memo_is_asked_for_with_the_dialog_of_the_desktop(bare):
    place = bare.base / "bin"
    place.mkdir()
    program(place, "kdialog", "echo 'counting beans'")
    bare.cli("start", "acme")
    host = bare.host(bare.tray(PATH=f"{place}:{bare.env['PATH']}"))
    bare.wait_for(lambda: "Memo/Write a memo…" in host.entries())
    host.click("Memo/Write a memo…")
    bare.wait_for(lambda: bare.status()["memo"] == "counting beans")


def test_a_dialog_that_was_cancelled_changes_nothing(bare):
    place = bare.base / "bin"
    place.mkdir()
    program(place, "kdialog", f"echo half; touch {place}/asked; exit 1")
    bare.cli("start", "acme", "--memo", "as it was")
    host = bare.host(bare.tray(PATH=f"{place}:{bare.env['PATH']}"))
    bare.wait_for(lambda: "Memo/Write a memo…" in host.entries())
    host.click("Memo/Write a memo…")
    bare.wait_for((place / "asked").exists)
    host.click("Pause")
    bare.wait_for(lambda: bare.status()["state"] == "paused")
    assert bare.status()["memo"] == "as it was"
    assert [one for one in host.entries() if one.startswith("Refused")] == []
