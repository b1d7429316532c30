"""A real X desktop that nobody sees: Xvfb, openbox, and hands to type and click with.

Standard library only; the programs come from the system. For tests, benches and trying things out.
"""

from __future__ import annotations

import os
import random
import select
import shutil
import subprocess
from dataclasses import dataclass
from typing import Self

from workdiary.errors import WorkdiaryError
from workdiary.testing.programs import end_program, wait_until

DEADLINE = 15.0  #: seconds for a program to be ready
REMEDY = "apt install xvfb openbox xdotool xterm"
WANTED = f"Wanted programs: {REMEDY}."


@dataclass(frozen=True, kw_only=True)
class WindowHandle:
    """One xterm on a virtual desktop."""

    id: int  #: the X window
    process: subprocess.Popen[bytes]

    def close(self) -> None:
        """End the program, and so destroy the window."""
        end_program(self.process)


class VirtualDesktop:
    """Start Xvfb on a free display number, with a window manager; ends all its children on exit.

    :param window_manager: start openbox as well.
    :raises WorkdiaryError: a program is missing, or did not become ready.
    """

    def __init__(self, width: int = 1280, height: int = 800, *, window_manager: bool = True) -> None:
        self.width = width
        self.height = height
        self.display = ""  #: such as ":12"
        self._window_manager = window_manager
        self._children: list[subprocess.Popen[bytes]] = []
        self._windows: list[WindowHandle] = []
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        for program in ("Xvfb", "xdotool", "xterm", *(["openbox"] if self._window_manager else [])):
            if shutil.which(program) is None:
                raise WorkdiaryError(f"A virtual desktop needs {program}, which is not installed.", remedy=REMEDY)
        try:
            self.start_x()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def env(self) -> dict[str, str]:
        """Return a copy of the environment that leads programs to this desktop."""
        env = {key: value for key, value in os.environ.items() if key != "XAUTHORITY"}
        return {**env, "DISPLAY": self.display, "WAYLAND_DISPLAY": "", "XDG_SESSION_TYPE": "x11"}

    def start_x(self) -> None:
        """Start the server; after ``kill_x`` on the same display number."""
        self._server = self._start_server()
        if self._window_manager:
            self._spawn("openbox", "--sm-disable")
            wait_until(
                lambda: self._xdotool_answers("get_num_desktops"), "On the virtual desktop openbox is not ready", WANTED
            )

    def kill_x(self) -> None:
        """Kill the server at once, as a crash would."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def close(self) -> None:
        """End everything that was started here. May be called twice."""
        while self._children:
            end_program(self._children.pop())
        if self._server is not None:
            end_program(self._server)
            self._server = None

    def key(self, *keysyms: str) -> None:
        """Press and release keys one after another, such as ``"a"`` or ``"ctrl+shift+a"``."""
        self.xdotool("key", "--delay", "1", *keysyms)

    def type(self, text: str) -> None:
        """Type text into whatever has the focus."""
        self.xdotool("type", "--delay", "1", "--", text)

    def key_down(self, keysym: str) -> None:
        """Press a key and hold it: the server repeats it until ``key_up``."""
        self.xdotool("keydown", keysym)

    def key_up(self, keysym: str) -> None:
        """Release a key."""
        self.xdotool("keyup", keysym)

    def click(self, button: int = 1, repeat: int = 1) -> None:
        """Click a button where the pointer is; 4 to 7 are the wheel."""
        self.xdotool("click", "--delay", "1", "--repeat", str(repeat), str(button))

    def move(self, x: int, y: int) -> None:
        """Move the pointer."""
        self.xdotool("mousemove", str(x), str(y))

    def open_window(self, title: str, app: str = "Work") -> WindowHandle:
        """Open a window of this title and class, and return when it is mapped and active."""
        process = self._spawn("xterm", "-T", title, "-class", app, "-e", "cat")
        found = ""

        def is_active() -> bool:
            nonlocal found
            found = self._xdotool_output("search", "--onlyvisible", "--pid", str(process.pid)).partition("\n")[0]
            if not found:
                return False
            if not self._window_manager:
                return self._xdotool_answers("windowfocus", found)
            return self._xdotool_output("getactivewindow").strip() == found

        wait_until(is_active, f"On the virtual desktop the window {title!r} did not become active", WANTED)
        window = WindowHandle(id=int(found), process=process)
        self._windows.append(window)
        return window

    def close_windows(self) -> None:
        """End every program whose window ``open_window`` opened, and wait until the windows are gone."""
        while self._windows:
            self._windows.pop().close()
        closed = lambda: not self._xdotool_output("search", "--onlyvisible", "--class", ".")  # noqa: E731 - one line
        wait_until(closed, "On the virtual desktop windows stay", WANTED)

    def activate(self, window: WindowHandle) -> None:
        """Bring a window to the front and give it the focus."""
        self.xdotool("windowactivate" if self._window_manager else "windowfocus", str(window.id))

    def set_title(self, window: WindowHandle, title: str) -> None:
        """Give a window another title."""
        self.xdotool("set_window", "--name", title, str(window.id))

    def xdotool(self, *arguments: str) -> str:
        """Run xdotool and return what it printed.

        :raises WorkdiaryError: it failed.
        """
        result = subprocess.run(
            ["xdotool", *arguments], env=self.env(), capture_output=True, text=True, timeout=60, check=False,
            start_new_session=True,  # Ctrl-C shall not cut off what it types
        )  # fmt: skip
        if result.returncode != 0:
            raise WorkdiaryError(f"xdotool {arguments[0]} failed: {result.stderr.strip()}")
        return result.stdout

    def _xdotool_output(self, *arguments: str) -> str:
        try:
            return self.xdotool(*arguments)
        except WorkdiaryError:
            return ""

    def _xdotool_answers(self, *arguments: str) -> bool:
        try:
            self.xdotool(*arguments)
        except WorkdiaryError:
            return False
        return True

    def _spawn(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            env=self.env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._children.append(process)
        return process

    def _start_server(self) -> subprocess.Popen[bytes]:
        screen = f"{self.width}x{self.height}x24"
        read_end, write_end = os.pipe()
        # Not the first free number: while our server is down between kill_x and start_x another test would take it.
        number = self.display or f":{random.randrange(1000, 32000)}"
        try:
            server = subprocess.Popen(
                ["Xvfb", number, "-displayfd", str(write_end), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"],
                pass_fds=(write_end,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            os.close(read_end)
            raise
        finally:
            os.close(write_end)
        self._server = server
        with os.fdopen(read_end) as ready:
            line = ready.readline() if select.select([ready], [], [], DEADLINE)[0] else ""
        if not line.strip().isdigit():
            raise WorkdiaryError("Xvfb did not start.", remedy="Run `Xvfb :99` by hand and read what it says.")
        self.display = f":{line.strip()}"
        return server
