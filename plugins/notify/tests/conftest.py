"""A private session bus, a real dunst on a virtual desktop, and a service of our own for what dunst cannot show."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time

import apsw
import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from workdiary.journal.store import read_state
from workdiary.link.client import NotRunningError, call
from workdiary.paths import Home
from workdiary.testing.desktop import VirtualDesktop

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
BUS = """<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""
DUNSTRC = """[global]
monitor = 0
origin = top-left
offset = 10x10
width = 400
height = 300
icon_position = left
max_icon_size = 256
dmenu = {dmenu}
mouse_left_click = do_action
mouse_right_click = close_current
"""
POLICY = """
from workdiary import hookimpl
@hookimpl
def workdiary_plan_moments(slot):
    return [min(599, slot.from_offset + 2)]
"""


def wait_until(ready, seconds=15.0, pause=0.02):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := ready():
            return found
        time.sleep(pause)
    raise AssertionError("it did not come to pass in time")


@pytest.fixture
def bus(tmp_path, monkeypatch):
    """A session bus with nobody on it, which starts nothing by itself."""
    place = tmp_path / "bus"
    config = tmp_path / "bus.conf"
    config.write_text(BUS.format(path=place))
    daemon = subprocess.Popen(
        ["dbus-daemon", "--nofork", "--print-address", "--config-file", str(config)], stdout=subprocess.PIPE
    )
    assert daemon.stdout.readline()  # it listens now
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={place}")
    yield place
    daemon.terminate()
    daemon.communicate()


@pytest.fixture
def desktop():
    with VirtualDesktop(1280, 800) as found:
        yield found


class Dunst:
    def __init__(self, env, folder) -> None:
        self.env = {**env, "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
        picks = folder / "picks"
        self.offered = folder / "offered"
        picks.write_text(f"#!/bin/sh\ntee {self.offered} | grep -e Delete -e 'Discard and go on'\n")
        picks.chmod(0o700)
        self.rc = folder / "dunstrc"
        self.rc.write_text(DUNSTRC.format(dmenu=picks))
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(["dunst", "-conf", str(self.rc)], env=self.env, stderr=subprocess.DEVNULL)
        wait_until(lambda: self.ctl("count", "displayed") != "")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def ctl(self, *words) -> str:
        done = subprocess.run(["dunstctl", *words], env=self.env, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def displayed(self) -> int:
        return int(self.ctl("count", "displayed") or 0)

    def history(self) -> list[str]:
        """Close all, and return what was on the screen, as text."""
        self.ctl("close-all")
        found = json.loads(self.ctl("history"))["data"][0]
        return [f"{one['summary']['data']}: {one['body']['data']}" for one in found]


@pytest.fixture
def dunst(bus, desktop, tmp_path):
    folder = tmp_path / "dunst"
    folder.mkdir()
    found = Dunst({**desktop.env(), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}"}, folder)
    yield found
    found.kill()


class Cli:
    """The command ``workdiary`` with a home of its own, and a policy that has a snapshot due after two seconds."""

    def __init__(self, env, folder) -> None:
        site = folder / "site"
        info = site / "soon-1.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: soon\nVersion: 1\n")
        (info / "entry_points.txt").write_text("[workdiary]\nsoon = soon\n")
        (site / "soon.py").write_text(POLICY)
        self.home = folder / "home"
        self.env = {**env, "WORKDIARY_HOME": str(self.home), "PYTHONPATH": str(site)}
        self.child = None

    def __call__(self, *words, code=0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "workdiary", *words],
            env=self.env, capture_output=True, text=True, timeout=60, check=False, input="",
        )  # fmt: skip
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done.stdout

    def json(self, *words, code=0):
        return json.loads(self(*words, "--json", code=code))

    def track(self) -> None:
        if time.time() % 600 > 560:  # not over the end of a slot
            time.sleep(600 - time.time() % 600)
        self.child = subprocess.Popen([sys.executable, "-m", "workdiary", "run", "--quiet", "acme"], env=self.env)
        wait_until(self._answers)

    def _answers(self) -> bool:
        with contextlib.suppress(NotRunningError):
            return self.status()["state"] == "tracking"
        return False

    def status(self):
        return call(Home.find({"WORKDIARY_HOME": str(self.home)}).socket, "status")

    def shot(self):
        return (self.status()["open_segment"] or {}).get("snapshot") or {}

    def taken_at(self) -> int:
        """When the open segment's image was taken, in ms: views show whole seconds."""
        connection = apsw.Connection(str(self.home / "data" / "journal.sqlite"), flags=apsw.SQLITE_OPEN_READONLY)
        state = json.loads(read_state(connection))
        connection.close()
        return state["segments"][-1]["shot"]["images"][0]["taken_at"]

    def close(self) -> None:
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            self.child.wait(20)


@pytest.fixture
def cli(bus, desktop, tmp_path):
    env = {**os.environ, **desktop.env()}
    found = Cli(env, tmp_path)
    found("contract", "add", "acme", "--rate", "60", "--currency", "EUR")
    yield found
    found.close()


class FakeService:
    """A notification service by script, on a connection of its own."""

    def __init__(self, abilities=("actions", "body", "icon-static")) -> None:
        self.abilities = list(abilities)
        self.shown: queue.Queue = queue.Queue()
        self.closed: queue.Queue = queue.Queue()
        self.mute = False
        self.refuses = False
        self._number = 0
        self._link = open_dbus_connection()
        self._link.send_and_get_reply(message_bus.RequestName(NAME))
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while True:
                self._serve(self._link.receive())
        except (OSError, ValueError):
            return

    def _serve(self, call) -> None:
        if call.header.message_type is not MessageType.method_call:
            return
        member = call.header.fields[HeaderFields.member]
        if member == "Notify" and self.refuses:
            self._link.send(new_error(call, "org.freedesktop.Notifications.Error.ExcessNotificationGeneration"))
        elif member == "Notify":
            self._number += 1
            self.shown.put((self._number, call.body))
            if not self.mute:
                self._link.send(new_method_return(call, "u", (self._number,)))
        elif member == "GetCapabilities":
            self._link.send(new_method_return(call, "as", (self.abilities,)))
        elif member == "GetServerInformation":
            self._link.send(new_method_return(call, "ssss", ("fake", "us", "1", "1.2")))
        elif member == "CloseNotification":
            self.closed.put(call.body[0])
            self._link.send(new_method_return(call))

    def press(self, number, key="0", link=None) -> None:
        """Say that a button was pressed; over another *link* that is a lie."""
        (link or self._link).send(new_signal(DBusAddress(PATH, interface=NAME), "ActionInvoked", "us", (number, key)))

    def stop(self) -> None:
        import socket

        self._link.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._link.close()


@pytest.fixture(name="until")
def _until():
    return wait_until


@pytest.fixture
def make_service(bus):
    made = []

    def make(*abilities):
        made.append(FakeService(*([abilities] if abilities else [])))
        return made[-1]

    yield make
    for one in made:
        if one._thread.is_alive():
            one.stop()


@pytest.fixture(autouse=True)
def _programs():
    for program in ("dbus-daemon", "dunst", "dunstctl"):
        assert shutil.which(program), f"apt install {program}"
