"""A desktop session for the tray: an X server, a bus of its own, a real panel, a real tracker."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from workdiary.testing.desktop import VirtualDesktop

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = (640, 400)
PANEL = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="dark-mode" type="bool" value="true"/>
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


def wait_for(ready: Callable[[], object], seconds: float = 10.0, what: str = "it"):
    """Return the first true answer; fail after *seconds*."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = ready()
        if found:
            return found
        time.sleep(0.03)
    raise AssertionError(f"{what} did not come to pass in {seconds} s")


@dataclass
class Desk:
    """Everything of one desktop session; ends all that it has started."""

    base: Path
    env: dict[str, str]
    desktop: VirtualDesktop | None = None
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    bus: subprocess.Popen[bytes] | None = None

    def spawn(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        """Start a program that is ended with the desk."""
        log = (self.base / f"{Path(command[0]).name}-{len(self.children)}.log").open("wb")
        with log:
            child = subprocess.Popen(
                command, env={**self.env, **more}, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        child.log = log.name
        self.children.append(child)
        return child

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
        return done.stdout + (done.stderr if code else "")

    def tray(self, **more: str) -> subprocess.Popen[bytes]:
        """Start the tray as a user does."""
        return self.spawn(sys.executable, "-m", "workdiary", "tray", **more)

    def screen(self) -> Image.Image:
        """Return what is on the screen."""
        path = self.base / "screen.png"
        subprocess.run(["scrot", "-o", str(path)], env=self.env, check=True, capture_output=True, timeout=20)
        with Image.open(path) as found:
            return found.convert("RGB")

    def end(self, child: subprocess.Popen[bytes]) -> None:
        """End one program."""
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def close(self) -> None:
        """End everything, the tracker first."""
        subprocess.run(
            [sys.executable, "-m", "workdiary", "stop"], env=self.env, capture_output=True, timeout=60, check=False
        )
        for child in reversed(self.children):
            self.end(child)
        if self.bus is not None:
            self.end(self.bus)


def _environment(base: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "LANG", "LC_ALL", "PYTHONPATH"}}
    places = {"HOME": "user", "XDG_CONFIG_HOME": "config", "XDG_RUNTIME_DIR": "runtime", "XDG_CACHE_HOME": "cache"}
    for name in places.values():
        (base / name).mkdir(mode=0o700)
    return {
        **kept,
        **{key: str(base / name) for key, name in places.items()},
        "WORKDIARY_HOME": str(base / "home"),
        "NO_AT_BRIDGE": "1",
        "GTK_THEME": "Adwaita",
        "GIO_USE_VFS": "local",
    }


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

    def start():
        return desk.spawn("xfce4-panel", "--disable-wm-check", "--sm-client-disable")

    return start
