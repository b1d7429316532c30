"""A GNOME Shell by script, and a real one where there is one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from jeepney.wrappers import DBusAddress

from workdiary.testing.session import PrivateBus
from workdiary_dbus.bus import Bus
from workdiary_dbus.served import PROPERTIES
from workdiary_dbus.testing import Named, Object
from workdiary_gnome.commands import UUID
from workdiary_gnome.shell import WINDOWS
from workdiary_wayland.testing import Window

SIZE = (1280, 720)
KEY_A, ALT, TAB = 30, 56, 15


class Emulated(PrivateBus):
    """Focus follows the last window that was opened; a timer of a second as in Mutter."""

    def _begin(self):
        self._windows, self._watches, self._number = [], {}, 0
        self._last = time.monotonic()
        self._windows_object = Object(
            "/org/workdiary/Windows", "org.workdiary.Windows",
            Active=lambda: ("sss", self._active()), Survey=lambda: ("s", (self._survey(),)),
        )  # fmt: skip
        name = "org.gnome.Mutter.IdleMonitor"
        self._idle = Object(
            "/org/gnome/Mutter/IdleMonitor/Core", name,
            AddIdleWatch=lambda ms: ("u", (self._watch(ms),)), AddUserActiveWatch=lambda: ("u", (self._watch(None),)),
            GetIdletime=lambda: ("t", (int((time.monotonic() - self._last) * 1000),)),
        )  # fmt: skip
        self.start()

    def start(self):
        self._program = Named(self.address, "org.gnome.Shell", self._windows_object, self._idle)

    def kill(self):
        self._program.close()
        self._windows.clear()

    def close(self):
        self._program.close()
        super().close()

    def places(self):
        return {"DBUS_SESSION_BUS_ADDRESS": self.address}

    def open_window(self, title, app="work", size=(400, 300)):
        self._number += 1
        window = EmulatedWindow(self, [app, title, str(self._number)], size)
        self._windows.append(window)
        self.changed()
        return window

    def forget(self, window):
        self._windows.remove(window)
        self.changed()

    def changed(self):
        self._program.tell(self._windows_object, "Changed", "sss", self._active())

    def key(self):
        self._last = time.monotonic()
        for number in [number for number, ms in self._watches.items() if ms is None]:
            del self._watches[number]
            self._fire(number)
        for number, ms in list(self._watches.items()):
            self._later(number, ms)

    def _active(self):
        return tuple(self._windows[-1].told) if self._windows else ("", "", "")

    def _survey(self):
        windows = [[*one.told, 10, 20, *one.size] for one in self._windows]
        return json.dumps({"primary": 0, "monitors": [["0", 0, 0, *SIZE]], "windows": windows})

    def _watch(self, ms):
        self._number += 1
        self._watches[self._number] = ms
        if ms is not None:
            self._later(self._number, ms)
        return self._number

    def _later(self, number, ms):
        due = self._last

        def fire():
            if self._last == due:
                with contextlib.suppress(Exception):  # it may be gone by now
                    self._fire(number)

        timer = threading.Timer(ms / 1000, fire)
        timer.daemon = True
        timer.start()

    def _fire(self, number):
        self._program.tell(self._idle, "WatchFired", "u", (number,))


class EmulatedWindow:
    def __init__(self, shell, told, size):
        self._shell, self.told, self.size = shell, told, size

    def set_title(self, title):
        self.told[1] = title
        self._shell.changed()

    def close(self):
        self._shell.forget(self)


class Real(PrivateBus):
    """GNOME Shell without a screen, with our extension."""

    programs = ("dbus-daemon", "gnome-shell")

    def _begin(self):
        self._place = tempfile.TemporaryDirectory(prefix="gnome-", ignore_cleanup_errors=True)
        self.runtime = Path(self._place.name)
        self._system = PrivateBus({}).__enter__()
        self._shell = None
        home = {"HOME": str(self.runtime), "XDG_DATA_HOME": str(self.runtime / "share")}
        self._env.update(home, XDG_RUNTIME_DIR=str(self.runtime), DBUS_SYSTEM_BUS_ADDRESS=self._system.address)
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            self._env.pop(name, None)
        command = [sys.executable, "-m", "workdiary", "gnome", "install-extension", "--yes"]
        subprocess.run(command, env=self.env(), check=True, capture_output=True)
        self.start()

    def start(self):
        (self.runtime / "wayland-0").unlink(missing_ok=True)
        env = {**self.env(), "LIBGL_ALWAYS_SOFTWARE": "1", "GSETTINGS_BACKEND": "memory"}
        command = ["gnome-shell", "--headless", "--wayland", "--no-x11", "--virtual-monitor", "{}x{}".format(*SIZE)]
        with (self.runtime / "log").open("wb") as log:
            self._shell = subprocess.Popen(command, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self._bus = Bus.connect(self.address)
        shell = DBusAddress("/org/gnome/Shell", "org.gnome.Shell", "org.gnome.Shell.Extensions")
        end = time.monotonic() + 30
        while not (self._bus.ask(shell, "EnableExtension", "s", (UUID,)) and self._bus.ask(WINDOWS, "Active")):
            assert time.monotonic() < end, (self.runtime / "log").read_text()[-1000:]
            time.sleep(0.1)
        self._calm_down()
        remote = "org.gnome.Mutter.RemoteDesktop"
        manager = DBusAddress("/org/gnome/Mutter/RemoteDesktop", remote, remote)
        (session,) = self._bus.ask(manager, "CreateSession", seconds=5)
        self._remote = DBusAddress(session, remote, f"{remote}.Session")
        self._bus.ask(self._remote, "Start", seconds=5)

    def _calm_down(self):
        """Wait until it is done with what it does at its start: five answers in a row that come at once."""
        quick = 0
        while quick < 5:
            began = time.monotonic()
            self._bus.ask(WINDOWS, "Active")
            quick = quick + 1 if time.monotonic() - began < 0.02 else 0
            time.sleep(0.1)

    def kill(self):
        self._bus.close()
        self._shell.kill()
        self._shell.wait()

    def close(self):
        if self._shell.poll() is None:
            self.kill()
        self._system.close()
        super().close()
        self._place.cleanup()

    def places(self):
        return {
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "WAYLAND_DISPLAY": "wayland-0",
            "XDG_RUNTIME_DIR": str(self.runtime),
        }

    def open_window(self, title, app="work", size=(400, 300)):
        """Open a window and switch to it: GNOME lets no new one take the focus from another."""
        window = Window(self.places(), title, app, size)
        shell = DBusAddress("/org/gnome/Shell", "org.gnome.Shell", PROPERTIES)
        end = time.monotonic() + 10
        while (self._bus.ask(WINDOWS, "Active") or ("", ""))[1] != title:
            assert time.monotonic() < end, "it does not become active"
            overview = ("org.gnome.Shell", "OverviewActive", ("b", False))  # nothing is active while it shows
            self._bus.ask(shell, "Set", "ssv", overview, seconds=5)
            for code, pressed in ((ALT, True), (TAB, True), (TAB, False), (ALT, False)):
                self._press(code, pressed)
            time.sleep(0.3)
        return window

    def key(self):
        for pressed in (True, False):
            self._press(KEY_A, pressed)

    def _press(self, code, pressed):
        self._bus.ask(self._remote, "NotifyKeyboardKeycode", "ub", (code, pressed))


def is_there():
    """Whether there is a GNOME Shell that is new enough for the extension."""
    if shutil.which("gnome-shell") is None:
        return False
    said = subprocess.run(["gnome-shell", "--version"], capture_output=True, text=True, env=os.environ, check=False)
    return int(said.stdout.split()[-1].split(".")[0]) >= 45
