"""The tracker's life on Windows: started, asked, stopped, killed, logged off, as a user of the command line sees it."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading
import time

import pytest

if sys.platform != "win32":
    pytest.skip("Windows, or contrib/wine/run", allow_module_level=True)

from workdiary_windows.messages import WM_ENDSESSION, WM_QUERYENDSESSION

FIND_TIMEOUT_S = 20.0


class House:
    """One home; ``run`` is the command line."""

    def __init__(self, home):
        self.home = home
        self.env = {**os.environ, "WORKDIARY_HOME": str(home)}
        self.run("contract", "add", "acme", "--rate", "50", "--currency", "EUR")

    def run(self, *words, ok=True):
        """Return what a command says. What it started keeps wine's end of a pipe: that is not waited for."""
        process = subprocess.Popen(
            [sys.executable, "-m", "workdiary", *words], env=self.env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        said = []
        reader = threading.Thread(target=lambda: said.extend(process.stdout), daemon=True)
        reader.start()
        assert (process.wait(60) == 0) is ok, said
        reader.join(0.5)
        return "".join(said)

    def verify(self):
        """Export the week, and check it as the other side does."""
        out = self.home / "week.zip"
        self.run("export", "--out", str(out))
        assert self.run("verify", str(out)).startswith("verified: acme")

    def status(self):
        return json.loads(self.run("status", "--json"))


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path / "home")
    yield made
    status = made.status()
    if status["state"] != "stopped":
        made.run("stop")


def until(ready, seconds=FIND_TIMEOUT_S):
    end = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
    return found


def is_there(pid):
    kernel = ctypes.windll.kernel32
    process = kernel.OpenProcess(0x1000, False, pid)
    code = ctypes.c_ulong()
    known = bool(process) and bool(kernel.GetExitCodeProcess(process, ctypes.byref(code)))
    if process:
        kernel.CloseHandle(process)
    return known and code.value == 259  # STILL_ACTIVE


def end(pid):
    kernel = ctypes.windll.kernel32
    process = kernel.OpenProcess(1, False, pid)
    assert kernel.TerminateProcess(process, 9)
    kernel.CloseHandle(process)


def ear_of(pid):
    """Return the hidden window of another process."""
    user, found = ctypes.windll.user32, []

    def look(window, _):
        owner = ctypes.c_ulong()
        user.GetWindowThreadProcessId(window, ctypes.byref(owner))
        name = ctypes.create_unicode_buffer(64)
        user.GetClassNameW(window, name, 64)
        if owner.value == pid and "workdiary" in name.value.lower():
            found.append(window)
        return True

    callback = ctypes.WINFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p)(look)
    user.EnumWindows(callback, None)
    return found[0] if found else None


def test_it_starts_counts_pauses_and_stops(house, tap):
    house.run("start", "acme", "--memo", "Größe")
    tap()
    status = until(lambda: (now := house.status())["open_segment"] and now)
    assert (status["state"], status["contract"], status["memo"]) == ("tracking", "acme", "Größe")
    assert "is being tracked already" in house.run("start", "acme", ok=False)
    assert house.run("pause").startswith("Paused")
    assert house.run("resume").startswith("Tracking")
    assert house.run("stop").startswith("Stopped")
    until(lambda: not is_there(status["pid"]))
    assert "no tracker is running" in house.run("stop", ok=False)
    house.verify()


def test_a_picture_is_taken_in_a_process_of_its_own(house, notepad):
    out = house.home / "preview"
    house.run("preview", "--out", str(out))
    assert out.exists()


def test_a_killed_tracker_leaves_its_time_to_the_next(house, tap):
    house.run("start", "acme")
    until(lambda: tap() or house.status()["today_seconds"] >= 3)
    status = house.status()
    end(status["pid"])
    until(lambda: not is_there(status["pid"]))
    assert house.status()["interrupted"]["contract"] == "acme"
    house.run("start", "acme")
    again = house.status()
    assert again["pid"] != status["pid"]
    assert again["today_seconds"] >= status["today_seconds"] - 1
    assert "the tracker was not running" in house.run("diary")


def test_at_the_end_of_the_session_it_stops_and_writes_the_segment_before_windows_may_go_on(house):
    house.run("start", "acme")
    pid = until(lambda: house.status()["open_segment"] and house.status()["pid"])
    ear = until(lambda: ear_of(pid))
    until(lambda: house.status()["today_seconds"] >= 2)
    assert ctypes.windll.user32.SendMessageW(ear, WM_QUERYENDSESSION, 0, 0) == 1
    ctypes.windll.user32.SendMessageW(ear, WM_ENDSESSION, 1, 0)
    end(pid) if is_there(pid) else None  # as Windows does then
    status = house.status()
    assert status["state"] == "stopped"
    assert status["today_seconds"] >= 2
    house.verify()
    house.run("start", "acme")  # nothing is in the way
