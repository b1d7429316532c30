"""A real GNOME Shell that nobody sees, where there is one that is new enough: for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jeepney.wrappers import DBusAddress

from workdiary.testing.programs import wait_until
from workdiary.testing.session import PrivateBus
from workdiary_dbus.bus import Bus
from workdiary_dbus.served import PROPERTIES
from workdiary_gnome.commands import UUID
from workdiary_gnome.shell import WINDOWS
from workdiary_wayland.testing import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SIZE = (1280, 720)
KEY_A, ALT, TAB = 30, 56, 15
REMOTE = "org.gnome.Mutter.RemoteDesktop"
PORTAL = ("xdg-permission-store", "xdg-desktop-portal-gnome", "xdg-desktop-portal")
STORE = "org.freedesktop.impl.portal.PermissionStore"


class GnomeShell(PrivateBus):
    """GNOME Shell without a screen, with our extension, on buses of its own.

    :param portal: start its desktop portal as well.
    """

    programs = ("dbus-daemon", "gnome-shell")

    def __init__(self, env: Mapping[str, str], *, portal: bool = False) -> None:
        super().__init__(env)
        self._portal = portal
        self._place = tempfile.TemporaryDirectory(prefix="gnome-", ignore_cleanup_errors=True)
        self.runtime = Path(self._place.name)
        self._system = PrivateBus({})
        self._shell: subprocess.Popen[bytes] | None = None

    def places(self) -> dict[str, str]:
        """Return where it listens, as variables."""
        return {
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "WAYLAND_DISPLAY": "wayland-0",
            "XDG_RUNTIME_DIR": str(self.runtime),
        }

    def start(self) -> None:
        """Start it; after ``kill`` at the same place."""
        (self.runtime / "wayland-0").unlink(missing_ok=True)
        env = {**self.env(), "LIBGL_ALWAYS_SOFTWARE": "1", "GSETTINGS_BACKEND": "memory"}
        command = ["gnome-shell", "--headless", "--wayland", "--no-x11", "--virtual-monitor", "{}x{}".format(*SIZE)]
        with (self.runtime / "log").open("wb") as log:
            self._shell = subprocess.Popen(command, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self._bus = Bus.connect(self.address)
        shell = DBusAddress("/org/gnome/Shell", "org.gnome.Shell", "org.gnome.Shell.Extensions")
        self._until(
            lambda: bool(self._bus.ask(shell, "EnableExtension", "s", (UUID,)) and self._bus.ask(WINDOWS, "Active")), 30
        )
        self._calm_down()
        manager = DBusAddress("/org/gnome/Mutter/RemoteDesktop", REMOTE, REMOTE)
        (session,) = self._bus.ask(manager, "CreateSession", seconds=5) or ("",)
        self._remote = DBusAddress(str(session), REMOTE, f"{REMOTE}.Session")
        self._bus.ask(self._remote, "Start", seconds=5)

    def kill(self) -> None:
        """Kill it at once, as a crash would."""
        if self._shell is not None:
            self._bus.close()
            self._shell.kill()
            self._shell.wait()
            self._shell = None

    def close(self) -> None:
        """End everything. May be called twice."""
        self.kill()
        self._system.close()
        super().close()
        self._place.cleanup()

    def open_window(self, title: str, app: str = "work", size: tuple[int, int] = (400, 300)) -> Window:
        """Open a window and switch to it: GNOME lets no new one take the focus from another."""
        window = Window(self.places(), title, app, size)
        shell = DBusAddress("/org/gnome/Shell", "org.gnome.Shell", PROPERTIES)

        def is_active() -> bool:
            if (self._bus.ask(WINDOWS, "Active") or ("", ""))[1] == title:
                return True
            overview = ("org.gnome.Shell", "OverviewActive", ("b", False))  # nothing is active while it shows
            self._bus.ask(shell, "Set", "ssv", overview, seconds=5)
            self.press(ALT, hold=(TAB,))
            time.sleep(0.3)
            return False

        self._until(is_active, 10)
        return window

    def key(self) -> None:
        """Press and release a key."""
        self.press(KEY_A)

    def press(self, code: int, hold: tuple[int, ...] = ()) -> None:
        """Press and release a key by its code, the others while it is held."""
        self._press(code, pressed=True)
        for other in hold:
            self.press(other)
        self._press(code, pressed=False)

    def allow_pictures(self, answer: str) -> None:
        """Put an answer into the portal's store, as its dialog does: ``yes``, ``no`` or ``ask``."""
        store = DBusAddress("/org/freedesktop/impl/portal/PermissionStore", STORE, STORE)
        body: tuple[Any, ...] = ("screenshot", True, "screenshot", "", [answer])
        self._until(lambda: self._bus.ask(store, "SetPermission", "sbssas", body, seconds=5) is not None, 10)

    def _begin(self) -> None:
        self._system.__enter__()
        home = {"HOME": str(self.runtime), "XDG_DATA_HOME": str(self.runtime / "share")}
        self._env.update(home, XDG_RUNTIME_DIR=str(self.runtime), DBUS_SYSTEM_BUS_ADDRESS=self._system.address)
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            self._env.pop(name, None)
        command = [sys.executable, "-m", "workdiary", "gnome", "install-extension", "--yes"]
        subprocess.run(command, env=self.env(), check=True, capture_output=True)
        self.start()
        if self._portal:
            desktop = {"XDG_CURRENT_DESKTOP": "GNOME", "XDG_SESSION_TYPE": "wayland"}
            self._env.update(self.places(), **desktop)
            for program in PORTAL:
                self._spawn(program)
                time.sleep(1)  # each looks for the one before it once, at its start

    def _press(self, code: int, *, pressed: bool) -> None:
        self._bus.ask(self._remote, "NotifyKeyboardKeycode", "ub", (code, pressed))

    def _calm_down(self) -> None:
        """Wait until it is done with what it does at its start: five answers in a row that come at once."""
        quick = 0
        while quick < 5:  # noqa: PLR2004 - as said
            began = time.monotonic()
            self._bus.ask(WINDOWS, "Active")
            quick = quick + 1 if time.monotonic() - began < 0.02 else 0  # noqa: PLR2004 - at once
            time.sleep(0.1)

    def _until(self, ready: Callable[[], bool], seconds: float) -> None:
        complaint, remedy = "GNOME Shell does not do what it should", "apt install gnome-shell"
        wait_until(ready, complaint, remedy, seconds=seconds, log=self.runtime / "log")


def is_there() -> bool:
    """Whether there is a GNOME Shell that is new enough for the extension."""
    if shutil.which("gnome-shell") is None:
        return False
    said = subprocess.run(["gnome-shell", "--version"], capture_output=True, text=True, env=os.environ, check=False)
    return int(said.stdout.split()[-1].split(".")[0]) >= 45  # noqa: PLR2004 - the first with such extensions
