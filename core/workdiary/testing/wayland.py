"""A real Wayland desktop that nobody sees: sway without a screen, terminals, and keys to press.

Standard library only; the programs come from the system. For tests, benches and trying things out.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from workdiary.errors import WorkdiaryError
from workdiary.testing.programs import end_program, wait_until

assert sys.platform != "win32"  # where no compositor runs

REMEDY = "apt install sway foot wtype grim xwayland"
WANTED = f"Wanted programs: {REMEDY}."
NOBODY = 65534
CONFIG = """\
output HEADLESS-1 resolution {width}x{height} position 0,0
output * background #204060 solid_color
default_border none
focus_on_window_activation focus
seat * hide_cursor 100
"""
#: What sway draws without a graphics card, and without anybody's keyboard.
HEADLESS = {
    "WLR_BACKENDS": "headless",
    "WLR_RENDERER": "pixman",
    "WLR_LIBINPUT_NO_DEVICES": "1",
    "WLR_RENDERER_ALLOW_SOFTWARE": "1",
}
TITLES = 'while read -r line; do printf "\\033]2;%s\\007" "$line"; done <"$0"'  #: takes titles from a pipe


@dataclass(frozen=True, kw_only=True)
class WaylandWindow:
    """One terminal; ``set_title`` and ``close`` as somebody in it would."""

    process: subprocess.Popen[bytes]
    titles: Path

    def set_title(self, title: str) -> None:
        """Give it another title."""
        with self.titles.open("w") as pipe:
            pipe.write(title + "\n")

    def close(self) -> None:
        """End the program, and so the window."""
        end_program(self.process)


class WaylandDesktop:
    """Start sway in a directory of its own; ends all its children on exit.

    :raises WorkdiaryError: a program is missing, or did not become ready.
    """

    programs: tuple[str, ...] = ("sway", "swaymsg", "foot", "wtype", "grim", "Xwayland")

    def __init__(self, width: int = 1280, height: int = 720) -> None:
        self.width = width
        self.height = height
        self._place = tempfile.TemporaryDirectory(prefix="wl-", ignore_cleanup_errors=True)
        self.runtime = Path(self._place.name)
        self._children: list[subprocess.Popen[bytes]] = []
        self._compositor: subprocess.Popen[bytes] | None = None
        self._windows = 0

    def __enter__(self) -> Self:
        for program in self.programs:
            if shutil.which(program) is None:
                raise WorkdiaryError(f"A Wayland desktop needs {program}, which is not installed.", remedy=REMEDY)
        self.runtime.chmod(0o700)
        config = self.runtime / "config"
        config.write_text(CONFIG.format(width=self.width, height=self.height))
        config.chmod(0o644)  # the compositor reads it as nobody, whatever the umask is
        try:
            self.start_compositor()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def env(self) -> dict[str, str]:
        """Return a copy of the environment that leads programs to this desktop."""
        gone = {"XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"}
        kept = {key: value for key, value in os.environ.items() if key not in gone}
        return {**kept, **self.places(), "DISPLAY": "", "XDG_SESSION_TYPE": "wayland"}

    def places(self) -> dict[str, str]:
        """Return where the compositor listens, as variables."""
        sway = next((str(path) for path in self.runtime.glob("sway-ipc.*")), "")
        name = next((path.name for path in self.runtime.glob("wayland-?")), "wayland-1")
        return {"XDG_RUNTIME_DIR": str(self.runtime), "WAYLAND_DISPLAY": name, "SWAYSOCK": sway}

    def start_compositor(self) -> None:
        """Start it; after ``kill_compositor`` at the same place."""
        for stale in (*self.runtime.glob("sway-ipc.*"), *self.runtime.glob("wayland-*")):
            stale.unlink()
        environment = {**os.environ, **HEADLESS, "XDG_RUNTIME_DIR": str(self.runtime), "HOME": str(self.runtime)}
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "SWAYSOCK"):
            environment.pop(name, None)
        as_somebody: list[str] = []
        if os.getuid() == 0:  # which sway refuses to be
            os.chown(self.runtime, NOBODY, NOBODY)
            as_somebody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        with (self.runtime / "log").open("wb") as log:
            self._compositor = subprocess.Popen(
                [*as_somebody, *self._command()],
                env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_until(self._answers, "On the Wayland desktop the compositor is not ready", WANTED, log=Path(log.name))

    def kill_compositor(self) -> None:
        """Kill it at once, as a crash would."""
        if self._compositor is not None:
            self._compositor.kill()
            self._compositor.wait()
            self._compositor = None

    def stop_compositor(self, number: int = signal.SIGSTOP) -> None:
        """Send it a signal."""
        if self._compositor is not None:
            self._compositor.send_signal(number)

    def close(self) -> None:
        """End everything that was started here. May be called twice."""
        while self._children:
            end_program(self._children.pop())
        if self._compositor is not None:
            end_program(self._compositor)
            self._compositor = None
        self._place.cleanup()

    def open_window(self, title: str, app: str = "Work", colour: str = "a0b0c0") -> WaylandWindow:
        """Open a window of this title, application and colour, and return when it is active."""
        self._windows += 1
        titles = self.runtime / f"titles-{self._windows}"
        os.mkfifo(titles)
        holder = os.open(titles, os.O_RDWR)  # the terminal's end of it never runs dry
        try:
            process = self._spawn(
                "foot", "--app-id", app, "--title", title, "--override", f"colors.background={colour}",
                "sh", "-c", "stty -echo; printf '\\033[?25l'; exec 3<>\"$0\"; " + TITLES.replace('<"$0"', "<&3"),
                str(titles),
            )  # fmt: skip
        finally:
            os.close(holder)
        wait_until(lambda: title in self.titles(), f"On the Wayland desktop {title!r} did not come", WANTED)
        return WaylandWindow(process=process, titles=titles)

    def start_xwayland(self) -> str:
        """Start an X server inside this desktop, as for programs of X11, and return its DISPLAY."""
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as numbers:
            try:
                self._spawn("Xwayland", "-ac", "-displayfd", str(writing), pass_fds=(writing,))
            finally:
                os.close(writing)
            number = numbers.readline().decode().strip()
        if not number:
            raise WorkdiaryError("Xwayland is not ready.", remedy=f"Wanted programs: {REMEDY}.")
        return f":{number}"

    def close_windows(self) -> None:
        """End every window, and wait until all are gone."""
        while self._children:
            end_program(self._children.pop())
        wait_until(lambda: not self.titles(), "On the Wayland desktop windows stay", WANTED)

    def titles(self) -> list[str]:
        """Return the titles of all windows."""
        left = [json.loads(self.swaymsg("-t", "get_tree"))]
        for node in left:
            left += [*node["nodes"], *node["floating_nodes"]]
        return [node["name"] for node in left if node.get("app_id")]

    def key(self, *keysyms: str) -> None:
        """Press and release keys one after another, such as ``"a"`` or ``"Shift_L"``."""
        for keysym in keysyms:
            self.run("wtype", "-k", keysym)

    def swaymsg(self, *arguments: str) -> str:
        """Ask sway and return what it says."""
        return self.run("swaymsg", *arguments).decode()

    def run(self, *command: str) -> bytes:
        """Run a program on this desktop and return what it printed.

        :raises WorkdiaryError: it failed.
        """
        result = subprocess.run(command, env=self.env(), capture_output=True, timeout=60, check=False)
        if result.returncode != 0:
            raise WorkdiaryError(f"{command[0]} failed: {result.stderr.decode(errors='replace').strip()}")
        return result.stdout

    def _command(self) -> list[str]:
        return ["sway", "-c", str(self.runtime / "config")]

    def _answers(self) -> bool:
        try:
            return bool(self.places()["SWAYSOCK"]) and "HEADLESS-1" in self.swaymsg("-t", "get_outputs")
        except WorkdiaryError:
            return False

    def _spawn(self, *command: str, pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, env=self.env(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, pass_fds=pass_fds,
        )  # fmt: skip
        self._children.append(process)
        return process


class LabwcDesktop(WaylandDesktop):
    """labwc instead of sway; its one output keeps the size that it has."""

    programs = ("labwc", "wlr-randr", "wlrctl", "foot", "wtype", "grim")

    def titles(self) -> list[str]:
        """Return the titles of all windows."""
        lines = self.run("wlrctl", "toplevel", "list").decode().splitlines()
        return [title for _app, _, title in (line.partition(": ") for line in lines)]

    def _command(self) -> list[str]:
        return ["labwc", "-C", str(self.runtime)]

    def _answers(self) -> bool:
        try:
            return "HEADLESS-1" in self.run("wlr-randr").decode()
        except WorkdiaryError:
            return False
