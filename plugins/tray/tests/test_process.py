"""The tray as a process: one of it, as long as the session, and words where there is no place for an icon."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


def environment(bare, **more: str) -> dict[str, str]:
    return {**bare.env, **more}


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workdiary", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=False)


def test_a_second_tray_says_so_and_leaves(bare):
    first = bare.tray()
    bare.host(first)
    second = run("tray", env=bare.env)
    assert (second.returncode, second.stdout) == (0, "")
    assert second.stderr == f"The tray is there already (process {first.pid}).\n"
    assert first.poll() is None


def test_after_a_kill_the_next_tray_is_the_first(bare):
    first = bare.tray()
    bare.host(first)
    first.kill()
    first.wait()
    bare.host(bare.tray())


def test_without_a_desktop_there_is_one_clear_error(bare):
    done = run("tray", env=environment(bare, DBUS_SESSION_BUS_ADDRESS=""))
    assert done.returncode == 1
    assert done.stderr == "there is no session bus\n  Start it from within the desktop session.\n"


@pytest.mark.parametrize("address", ["unix:path=/nonexistent", "tcp:host=x,port=1", "nonsense"])
def test_a_bus_that_cannot_be_reached_is_named(bare, address):
    done = run("tray", env=environment(bare, DBUS_SESSION_BUS_ADDRESS=address))
    assert done.returncode == 1
    assert "DBUS_SESSION_BUS_ADDRESS" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_tray_goes_with_its_bus(bare):
    tray = bare.tray()
    bare.host(tray)
    bare.bus.kill()
    assert tray.wait(5) == 0
    assert bare.said(tray) == ""


def test_the_tray_ends_in_order_on_a_signal(bare):
    tray = bare.tray()
    bare.host(tray)
    tray.send_signal(signal.SIGTERM)
    assert tray.wait(5) == 0
    assert bare.said(tray) == ""


def test_without_a_panel_it_says_so_once_and_waits(bare):
    tray = bare.tray()
    host = bare.host(tray)
    bare.wait_for(lambda: bare.said(tray))
    assert bare.said(tray).startswith(
        "workdiary tray: no panel here shows icons; the icon appears as soon as one does."
    )
    assert bare.said(tray).count("\n") == 1
    assert "Quit tray" in host.entries()


def test_a_runtime_directory_that_is_replaced_is_watched_again(bare):
    host = bare.host(bare.tray())
    runtime = Path(bare.env["WORKDIARY_HOME"]) / "run"
    runtime.rename(runtime.with_name("old"))
    bare.wait_for(runtime.exists)
    bare.cli("start", "acme")
    bare.wait_for(lambda: "Tracking: acme" in host.entries(), 2.0)


def test_doctor_says_whether_there_is_a_place_for_the_icon(bare):
    missing = "nothing on the session bus watches over icons"
    assert f"ok   icon: no place for one ({missing}), and no tray runs" in run("doctor", env=bare.env).stdout
    bare.host(bare.tray())
    assert f"icon: {missing}" in run("doctor", env=bare.env).stdout
    without = environment(bare, DBUS_SESSION_BUS_ADDRESS="")
    assert "icon: there is no session bus" in run("doctor", env=without).stdout


def test_doctor_sees_a_real_panel(desk, start_panel):
    start_panel()
    desk.wait_for(lambda: desk.screen().getpixel((300, 10)) != (0, 0, 0), what="the panel")
    desk.wait_for(lambda: "a panel shows icons" in run("doctor", env=desk.env).stdout)


def test_the_tray_loads_no_plugin_and_no_journal(bare):
    tray = bare.tray()
    bare.host(tray)
    maps = Path(f"/proc/{tray.pid}/maps").read_text()
    assert not [name for name in ("apsw", "cryptography", "msgspec", "_imaging", "_sqlite3") if name in maps]


def test_an_idle_tray_does_not_wake_up(bare):
    tray = bare.tray()
    bare.host(tray)
    bare.wait_for(lambda: bare.said(tray))  # its last timer

    def switches() -> int:
        text = Path(f"/proc/{tray.pid}/status").read_text()
        return int(text.split("\nvoluntary_ctxt_switches:")[1].split()[0])

    before = switches()
    time.sleep(3)
    assert switches() == before
