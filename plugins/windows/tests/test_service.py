"""The tracker's life on Windows: started, asked, stopped, killed, logged off, as a user of the command line sees it."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading
import time
from ctypes import wintypes as w

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


def children_of(pid):
    """Return the processes that another one started."""

    class Entry(ctypes.Structure):
        _fields_ = [
            ("size", w.DWORD), ("usage", w.DWORD), ("pid", w.DWORD), ("heap", ctypes.c_size_t), ("module", w.DWORD),
            ("threads", w.DWORD), ("parent", w.DWORD), ("priority", w.LONG), ("flags", w.DWORD),
            ("name", w.WCHAR * 260),
        ]  # fmt: skip

    kernel, entry, found = ctypes.windll.kernel32, Entry(size=ctypes.sizeof(Entry)), []
    kernel.CreateToolhelp32Snapshot.restype = w.HANDLE
    snapshot = w.HANDLE(kernel.CreateToolhelp32Snapshot(2, 0))
    there = kernel.Process32FirstW(snapshot, ctypes.byref(entry))
    while there:
        if entry.parent == pid:
            found.append(entry.pid)
        there = kernel.Process32NextW(snapshot, ctypes.byref(entry))
    kernel.CloseHandle(snapshot)
    return found


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


def test_it_is_put_among_what_windows_starts_at_login_and_taken_out_again(house):
    del house.env["WORKDIARY_HOME"]  # Windows starts programs without it
    house.run("autostart", "enable")
    (one,) = json.loads(house.run("autostart", "status", "--json"))["installed"]
    assert (one["enabled"], one["interpreter_exists"]) == (True, True)
    assert "workdiary" in " ".join(one["command"])
    house.run("autostart", "disable")
    assert json.loads(house.run("autostart", "status", "--json"))["installed"] == []


def test_a_plugin_in_a_process_of_its_own_answers_and_ends_with_the_tracker(house, tap):
    house.home.mkdir(exist_ok=True)
    (house.home / "config.toml").write_text('[plugins]\nisolated = ["pynput"]\n')
    house.run("start", "acme")
    until(lambda: tap() or (house.status()["open_segment"] or {}).get("keys"))
    pid = house.status()["pid"]
    children = children_of(pid)
    assert children
    end(pid)
    until(lambda: not any(is_there(child) for child in children))


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
