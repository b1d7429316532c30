"""A real KWin that nobody sees, for tests."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from workdiary.testing.programs import wait_until
from workdiary.testing.session import PrivateBus
from workdiary_dbus.bus import Bus
from workdiary_kde.script import SCRIPTING
from workdiary_wayland.testing import Window
from workdiary_wayland.wire import Connection, ignore, text, uint

FAKE_INPUT = "org_kde_kwin_fake_input"
AUTHENTICATE, KEY = 0, 10  # its requests
KEY_A = 30
MENU = "<Menu><Name>Applications</Name><DefaultAppDirs/><Include><All/></Include></Menu>"


class KWin(PrivateBus):
    """KWin on Wayland, in memory, with a session bus of its own.

    :param pictures: somebody has allowed them, and KWin draws with OpenGL, which they need.
    :param hands: KWin lets programs press keys: it asks nobody for a right then.
    """

    programs = ("dbus-daemon", "kwin_wayland", "kbuildsycoca5")

    def __init__(self, width: int = 1280, height: int = 720, *, pictures: bool = False, hands: bool = False) -> None:
        self._size = (str(width), str(height))
        self._pictures, self._hands = pictures, hands
        self._place = tempfile.TemporaryDirectory(prefix="kwin-", ignore_cleanup_errors=True)
        self.runtime = Path(self._place.name)
        super().__init__({key: value for key, value in os.environ.items() if key not in {"DISPLAY", "QT_QPA_PLATFORM"}})
        self._kwin: subprocess.Popen[bytes] | None = None

    def places(self) -> dict[str, str]:
        """Return where it listens, as variables."""
        return {
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "WAYLAND_DISPLAY": "wayland-0",
            "XDG_RUNTIME_DIR": str(self.runtime),
        }

    def start_kwin(self) -> None:
        """Start it; after ``kill_kwin`` at the same place."""
        (self.runtime / "wayland-0").unlink(missing_ok=True)
        (self.runtime / "wayland-0.lock").unlink(missing_ok=True)
        env = {**self.env(), "XDG_RUNTIME_DIR": str(self.runtime), "HOME": str(self.runtime), "KWIN_COMPOSE": "Q"}
        env["XDG_DATA_HOME"] = str(self.runtime / "share")
        env["XDG_CONFIG_DIRS"] = f"{self._menu()}:/etc/xdg"
        env.pop("WAYLAND_DISPLAY", None)
        if self._pictures:
            env |= {"KWIN_COMPOSE": "O2", "LIBGL_ALWAYS_SOFTWARE": "1"}
            workdiary = [sys.executable, "-m", "workdiary", "kde", "allow-pictures", "--yes"]
            for command in (workdiary, ["kbuildsycoca5"]):  # in a whole Plasma something runs that by itself
                subprocess.run(command, env=env, check=True, capture_output=True)
        if self._hands:
            env["KWIN_WAYLAND_NO_PERMISSION_CHECKS"] = "1"
        width, height = self._size
        command = [str(self.runtime / "kwin_wayland"), "--virtual", "--width", width, "--height", height]
        command += ["--no-lockscreen", "--no-global-shortcuts", "--socket", "wayland-0"]
        with (self.runtime / "log").open("wb") as log:
            self._kwin = subprocess.Popen(command, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        socket, wanted = self.runtime / "wayland-0", "apt install kwin-wayland libkf5service-bin"
        wait_until(lambda: socket.exists() and self._scripts(), "KWin is not ready", wanted, log=self.runtime / "log")

    def kill_kwin(self) -> None:
        """Kill it at once, as a crash would."""
        if self._kwin is not None:
            self._kwin.kill()
            self._kwin.wait()
            self._kwin = None

    def close(self) -> None:
        """End everything. May be called twice."""
        self.kill_kwin()
        super().close()
        with contextlib.suppress(OSError):
            self._place.cleanup()

    def open_window(self, title: str, app: str = "work", size: tuple[int, int] = (400, 300)) -> Window:
        """Open a window; it becomes active."""
        return Window(self.places(), title, app, size)

    def hand(self) -> Hand:
        """Return what presses keys."""
        return Hand(Connection(self.runtime / "wayland-0"))

    def _begin(self) -> None:
        self.runtime.chmod(0o700)
        # Debian's has file capabilities, which a container may refuse; a copy has none, and only its name is looked at.
        shutil.copy(shutil.which("kwin_wayland") or "", self.runtime / "kwin_wayland")
        self.start_kwin()

    def _menu(self) -> Path:
        """Return a folder with what a whole Plasma has: a menu, without which KDE's register 6 takes no programs in."""
        menus = self.runtime / "xdg" / "menus"
        menus.mkdir(parents=True, exist_ok=True)
        (menus / "applications.menu").write_text(MENU)
        return menus.parent

    def _scripts(self) -> bool:
        bus = Bus.connect(self.address)
        answer = bus.ask(SCRIPTING, "isScriptLoaded", "s", ("none",))
        bus.close()
        return answer is not None


class Hand:
    """Presses a key, of which nothing but that it was pressed is of interest.

    :raises IndexError: KWin lets nobody press keys.
    """

    def __init__(self, link: Connection) -> None:
        self._link = link
        self._input = link.bind(link.offered(FAKE_INPUT)[0], 4, ignore)
        link.send(self._input, AUTHENTICATE, text("workdiary"), text("tests"))

    def press(self) -> None:
        """Press and release it."""
        for pressed in (1, 0):
            self._link.send(self._input, KEY, uint(KEY_A, pressed))
        self._link.roundtrip()

    def close(self) -> None:
        """Hang up."""
        self._link.close()
