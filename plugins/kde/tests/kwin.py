"""A real KWin that nobody sees, and windows of a client that is as small as can be."""

from __future__ import annotations

import contextlib
import mmap
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from workdiary.testing.session import PrivateBus
from workdiary_dbus.bus import Bus
from workdiary_kde.script import SCRIPTING

DEADLINE = 15.0


class KWin(PrivateBus):
    """KWin on Wayland, in memory, with a session bus of its own."""

    programs = ("dbus-daemon", "kwin_wayland", "kbuildsycoca5")

    def __init__(self, width=1280, height=720, *, pictures=False):
        self._size = (width, height)
        self._pictures = pictures
        self._place = tempfile.TemporaryDirectory(prefix="kwin-", ignore_cleanup_errors=True)
        self.runtime = Path(self._place.name)
        super().__init__({key: value for key, value in os.environ.items() if key != "DISPLAY"})
        self._kwin = None

    def places(self):
        """Return where it listens, as variables."""
        return {
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "WAYLAND_DISPLAY": "wayland-0",
            "XDG_RUNTIME_DIR": str(self.runtime),
        }

    def _begin(self):
        self.runtime.chmod(0o700)
        # Debian's has file capabilities, which a container may refuse; a copy has none, and only its name is looked at.
        shutil.copy(shutil.which("kwin_wayland"), self.runtime / "kwin_wayland")
        self.start_kwin()

    def start_kwin(self):
        (self.runtime / "wayland-0").unlink(missing_ok=True)
        (self.runtime / "wayland-0.lock").unlink(missing_ok=True)
        env = {**self.env(), "XDG_RUNTIME_DIR": str(self.runtime), "HOME": str(self.runtime), "KWIN_COMPOSE": "Q"}
        env["XDG_DATA_HOME"] = str(self.runtime / "share")
        if self._pictures:  # they need OpenGL, and somebody who allows them
            env |= {"KWIN_COMPOSE": "O2", "LIBGL_ALWAYS_SOFTWARE": "1"}
            workdiary = [sys.executable, "-m", "workdiary", "kde", "allow-pictures", "--yes"]
            for command in (workdiary, ["kbuildsycoca5"]):  # in a whole Plasma something runs that by itself
                subprocess.run(command, env=env, check=True, capture_output=True)
        for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "DISPLAY"):
            env.pop(name, None)
        width, height = map(str, self._size)
        command = [str(self.runtime / "kwin_wayland"), "--virtual", "--width", width, "--height", height]
        command += ["--no-lockscreen", "--no-global-shortcuts", "--socket", "wayland-0"]
        with (self.runtime / "log").open("wb") as log:
            self._kwin = subprocess.Popen(command, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until(lambda: (self.runtime / "wayland-0").exists() and self._scripts())

    def _scripts(self):
        bus = Bus.connect(self.address)
        answer = bus.ask(SCRIPTING, "isScriptLoaded", "s", ("none",))
        bus.close()
        return answer is not None

    def kill_kwin(self):
        if self._kwin is not None:
            self._kwin.kill()
            self._kwin.wait()
            self._kwin = None

    def close(self):
        self.kill_kwin()
        super().close()
        with contextlib.suppress(OSError):
            self._place.cleanup()

    def open_window(self, title, app="work", size=(400, 300)):
        return Window(self, title, app, size)


class Window:
    """A window in a process of its own."""

    def __init__(self, desktop, title, app, size):
        command = [sys.executable, __file__, title, app, *map(str, size)]
        env = {**os.environ, **desktop.places()}
        self._process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout.readline() == "shown\n"

    def set_title(self, title):
        self._process.stdin.write(title + "\n")
        self._process.stdin.flush()

    def close(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def until(ready):
    end = time.monotonic() + DEADLINE
    while not ready():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


def show(title, app, width, height):
    """Be that window until standard input ends; each line is another title."""
    from workdiary_wayland.wire import connect, ignore, text, uint

    link = connect()

    def bind(name, version, handler=ignore):
        return link.bind(link.offered(name)[0], version, handler)

    compositor, memory = bind("wl_compositor", 4), bind("wl_shm", 1)
    base = bind("xdg_wm_base", 1, lambda _opcode, body: link.send(base, 3, uint(body.uint())))
    surface, shell, top = link.new(ignore), link.new(lambda _opcode, body: configured(body.uint())), link.new(ignore)
    shown = []

    def configured(serial):
        link.send(shell, 4, uint(serial))
        if not shown:
            size = width * height * 4
            fd = os.memfd_create("window")
            os.ftruncate(fd, size)
            with mmap.mmap(fd, size) as pixels:
                pixels[:] = bytes([0xC0, 0xB0, 0xA0, 0xFF]) * (width * height)
            pool, buffer = link.new(ignore), link.new(ignore)
            link.send(memory, 0, uint(pool, size), fd=fd)
            os.close(fd)
            link.send(pool, 0, uint(buffer, 0, width, height, width * 4, 1))
            link.send(surface, 1, uint(buffer, 0, 0))
            link.send(surface, 2, uint(0, 0, width, height))
        link.send(surface, 6)
        shown.append(serial)

    link.send(compositor, 0, uint(surface))
    link.send(base, 2, uint(shell, surface))
    link.send(shell, 1, uint(top))
    link.send(top, 2, text(title))
    link.send(top, 3, text(app))
    link.send(surface, 6)
    link.until(lambda: bool(shown))
    link.roundtrip()
    print("shown", flush=True)
    while True:
        ready, _, _ = select.select([link._socket, sys.stdin], [], [])
        if link._socket in ready:
            link.dispatch(link.receive(0))  # KWin asks whether it still lives
        if sys.stdin in ready:
            line = sys.stdin.readline()
            if not line:
                break
            link.send(top, 2, text(line.rstrip("\n")))
            link.send(surface, 6)
    link.close()


if __name__ == "__main__":
    show(*sys.argv[1:3], *map(int, sys.argv[3:]))
