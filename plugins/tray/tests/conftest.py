"""A desktop session for the tray: an X server, a bus of its own, real panels, a real tracker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from jeepney import DBusAddress, HeaderFields, MatchRule, MessageType, message_bus, new_method_call
from jeepney.io.blocking import open_dbus_connection
from PIL import Image, ImageChops, ImageStat

from workdiary.errors import WorkdiaryError
from workdiary.link import client
from workdiary.paths import Home
from workdiary.testing.desktop import VirtualDesktop
from workdiary_tray.icon import over
from workdiary_tray.view import State

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZE = (640, 400)
ITEM = "org.kde.StatusNotifierItem"
PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
"""


def wait_for(ready: Callable[[], Any], seconds: float = 10.0, what: str = "it") -> Any:
    """Return the first true answer; fail after *seconds*."""
    deadline = time.monotonic() + seconds
    while True:
        found = ready()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come to pass in {seconds} s")
        time.sleep(0.03)


def shown_icon(image: Image.Image, ground: tuple[int, int, int], size: int) -> State | None:
    """Return which icon is in the left corner of a picture of the screen; None: none of them."""
    found: list[tuple[float, str]] = []
    for state in State:
        wanted = Image.frombytes("RGB", (size, size), over(state, size, ground), "raw", "BGRX")
        for left in range(4):
            for top in range(36 - size):
                part = image.crop((left, top, left + size, top + size))
                found.append((sum(ImageStat.Stat(ImageChops.difference(part, wanted)).mean), state.value))
    best, name = min(found)
    return State(name) if best < 40 else None  # another icon differs by more than 100


class RefusedError(Exception):
    """The other side answered with an error; the message is its name."""


class Host:
    """A panel of our own: asks the tray with the process id *pid*, clicks, hears."""

    def __init__(self, address: str, pid: int) -> None:
        self.link = open_dbus_connection(address)
        self.name = f"{ITEM}-{pid}-1"

    def names(self) -> list[str]:
        return self.link.send_and_get_reply(message_bus.ListNames()).body[0]

    def item(self, name: str) -> Any:
        """Return a property of the icon."""
        return self.ask("/StatusNotifierItem", "org.freedesktop.DBus.Properties", "Get", "ss", (ITEM, name))[0][1]

    def menu(self, member: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Any:
        return self.ask("/Menu", "com.canonical.dbusmenu", member, signature, body)

    def entries(self) -> dict[str, tuple[int, bool]]:
        """Return number and ability of each entry by its label; those of submenus after a slash."""
        _, root = self.menu("GetLayout", "iias", (0, -1, []))
        found: dict[str, tuple[int, bool]] = {}
        _walk(root, "", found)
        return found

    def click(self, label: str) -> None:
        """Choose an entry, as a mouse does."""
        number, enabled = self.entries()[label]
        assert enabled, label
        self.menu("Event", "isvu", (number, "clicked", ("s", ""), 0))

    def ask(
        self, path: str, interface: str, member: str, signature: str | None = None, body: tuple[Any, ...] = ()
    ) -> Any:
        call = new_method_call(DBusAddress(path, self.name, interface), member, signature, body)
        reply = self.link.send_and_get_reply(call, timeout=5.0)
        if reply.header.message_type is MessageType.error:
            raise RefusedError(reply.header.fields[HeaderFields.error_name])
        return reply.body

    def hear(self, interface: str, member: str) -> Callable[[], tuple[Any, ...]]:
        """Begin to listen; what is returned waits for the next signal and returns its body."""
        rule = MatchRule(type="signal", interface=interface, member=member)
        self.link.send_and_get_reply(message_bus.AddMatch(rule))
        queue = self.link.filter(rule, bufsize=50).__enter__()
        return lambda: self.link.recv_until_filtered(queue, timeout=5.0).body


def _walk(node: Any, above: str, found: dict[str, tuple[int, bool]]) -> None:
    for _, (number, values, children) in node[2]:
        label = above + values.get("label", ("s", ""))[1]
        if label:
            found[label] = (number, values["enabled"][1])
        _walk((number, values, children), f"{label}/", found)


@dataclass
class Desk:
    """Everything of one desktop session; ends all that it has started."""

    base: Path
    env: dict[str, str]
    desktop: VirtualDesktop | None = None
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    hosts: list[Host] = field(default_factory=list)
    bus: subprocess.Popen[bytes] | None = None
    wait_for = staticmethod(wait_for)

    def spawn(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        """Start a program that is ended with the desk."""
        place = self.base / f"log-{len(self.children)}"
        with place.open("wb") as log:
            child = subprocess.Popen(
                command, env={**self.env, **more}, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        self.children.append(child)
        return child

    def said(self, child: subprocess.Popen[bytes]) -> str:
        """Return what a program has printed."""
        return (self.base / f"log-{self.children.index(child)}").read_text()

    def start_bus(self) -> None:
        """Start a session bus that knows the system's services, such as xfconf."""
        read_end, write_end = os.pipe()
        self.bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", f"--print-address={write_end}"],
            env=self.env, pass_fds=(write_end,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write_end)
        with os.fdopen(read_end) as said:
            self.env["DBUS_SESSION_BUS_ADDRESS"] = said.readline().strip()

    def cli(self, *arguments: str, code: int = 0) -> str:
        """Run ``workdiary``."""
        done = subprocess.run(
            [sys.executable, "-m", "workdiary", *arguments],
            env=self.env, capture_output=True, text=True, timeout=60, check=False, input="",
        )  # fmt: skip
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def ask(self, command: str) -> Any:
        """Ask the tracker, as the command line does."""
        return client.call(Home.find(self.env).socket, command)

    def status(self) -> Any:
        """Return the tracker's status; without one there is little to say."""
        try:
            return self.ask("status")
        except WorkdiaryError:  # there is none, or it is about to end
            return {"state": "stopped"}

    def tray(self, **more: str) -> subprocess.Popen[bytes]:
        """Start the tray as a user does."""
        return self.spawn(sys.executable, "-m", "workdiary", "tray", **more)

    def host(self, tray: subprocess.Popen[bytes]) -> Host:
        """Return a panel's side of the protocol, as soon as the tray is on the bus and knows the diary."""
        host = self.host_of(tray)
        missing = ("not known yet", "oday unknown")
        wait_for(
            lambda: not any(word in one for one in host.entries() for word in missing), what="the diary in the menu"
        )
        return host

    def host_of(self, tray: subprocess.Popen[bytes]) -> Host:
        """Return the same as soon as the tray is on the bus."""
        host = Host(self.env["DBUS_SESSION_BUS_ADDRESS"], tray.pid)
        self.hosts.append(host)
        wait_for(lambda: host.name in host.names() or tray.poll() is not None, what="the tray on the bus")
        assert tray.poll() is None, self.said(tray)
        return host

    def icon(self, size: int = 22, ground: tuple[int, int, int] | None = None) -> State | None:
        """Return which icon the panel shows in its left corner, on its own ground or on another."""
        image = self.screen()
        return shown_icon(image, ground or image.getpixel((300, 10)), size)

    def windows(self) -> str:
        """Return the tree of all windows as text."""
        command = ["xwininfo", "-root", "-tree"]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=True).stdout

    def screen(self) -> Image.Image:
        """Return what is on the screen."""
        path = self.base / "screen.png"
        subprocess.run(["scrot", "-o", str(path)], env=self.env, check=True, capture_output=True, timeout=20)
        with Image.open(path) as found:
            return found.convert("RGB")

    def end(self, child: subprocess.Popen[bytes]) -> None:
        """End one program."""
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def close(self) -> None:
        """End everything, the tracker first."""
        for host in self.hosts:
            host.link.close()
        stop = [sys.executable, "-m", "workdiary", "stop"]
        subprocess.run(stop, env=self.env, capture_output=True, timeout=60, check=False)
        for child in reversed(self.children):
            self.end(child)
        if self.bus is not None:
            self.end(self.bus)


def _environment(base: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "LANG", "LC_ALL", "PYTHONPATH"}}
    places = {"HOME": "user", "XDG_CONFIG_HOME": "config", "XDG_RUNTIME_DIR": "runtime", "XDG_CACHE_HOME": "cache"}
    for name in places.values():
        (base / name).mkdir(mode=0o700)
    own = {"WORKDIARY_HOME": str(base / "home"), "NO_AT_BRIDGE": "1", "GTK_THEME": "Adwaita", "GIO_USE_VFS": "local"}
    return {**kept, **{key: str(base / name) for key, name in places.items()}, **own}


@pytest.fixture
def bare(tmp_path):
    """A session with a bus and an hourly contract, without a screen."""
    desk = Desk(tmp_path, _environment(tmp_path))
    desk.start_bus()
    desk.cli("contract", "add", "acme", "--rate", "60", "--currency", "EUR")
    yield desk
    desk.close()


@pytest.fixture
def desk(tmp_path):
    """A session with a screen, a window manager, a bus and an hourly contract; no panel yet."""
    with VirtualDesktop(*SIZE) as desktop:
        found = Desk(tmp_path, {**_environment(tmp_path), "DISPLAY": desktop.display}, desktop)
        found.start_bus()
        found.cli("contract", "add", "acme", "--rate", "60", "--currency", "EUR")
        yield found
        found.close()


@pytest.fixture
def start_panel(desk):
    """Start Xfce's panel with nothing in it but its tray."""
    assert shutil.which("xfce4-panel"), "apt install xfce4-panel"
    place = desk.base / "config" / "xfce4" / "xfconf" / "xfce-perchannel-xml"
    place.mkdir(parents=True)
    (place / "xfce4-panel.xml").write_text(PANEL)
    return lambda: desk.spawn("xfce4-panel", "--disable-wm-check", "--sm-client-disable")
