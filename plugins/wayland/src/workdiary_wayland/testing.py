"""A window that is as small as can be, in a process of its own: for tests on compositors without a terminal to open."""

from __future__ import annotations

import contextlib
import mmap
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from workdiary.testing.programs import PATIENCE
from workdiary_wayland.wire import Body, CompositorGoneError, connect, ignore, text, uint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COLOUR = bytes([0xC0, 0xB0, 0xA0])  #: what it is filled with: blue, green, red


class Window:
    """Open it, and return when it is on the screen.

    :param places: the variables that say where the compositor listens.
    """

    def __init__(
        self, places: Mapping[str, str], title: str, app: str = "work", size: tuple[int, int] = (400, 300)
    ) -> None:
        command = [sys.executable, "-m", "workdiary_wayland.testing", title, app, *map(str, size)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, env={**os.environ, **places}, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdin
        assert self._process.stdout
        self._input, self._output = self._process.stdin, self._process.stdout
        if self._output.readline() != "shown\n":
            raise RuntimeError(f"the window {title!r} did not come")

    def set_title(self, title: str) -> None:
        """Give it another title."""
        self._input.write(title + "\n")
        self._input.flush()

    def close(self) -> None:
        """End the program, and so the window."""
        self._input.close()
        self._process.wait(10)
        self._output.close()


class _Shown:
    """What the process is: one surface, filled with one colour."""

    def __init__(self, title: str, app: str, width: int, height: int) -> None:
        self._size = (width, height)
        self._drawn = False
        self.link = connect()
        self.link.patience *= PATIENCE
        compositor, self._memory = self._bind("wl_compositor", 4), self._bind("wl_shm", 1)
        base = self._bind("xdg_wm_base", 1, lambda _opcode, body: self.link.send(base, 3, uint(body.uint())))
        self._surface, self._shell = self.link.new(ignore), self.link.new(self._on_configure)
        self._top = self.link.new(ignore)
        self.link.send(compositor, 0, uint(self._surface))
        self.link.send(base, 2, uint(self._shell, self._surface))
        self.link.send(self._shell, 1, uint(self._top))
        self.link.send(self._top, 3, text(app))
        self.set_title(title)
        self.link.until(lambda: self._drawn)
        self.link.roundtrip()

    def set_title(self, title: str) -> None:
        self.link.send(self._top, 2, text(title))
        self.link.send(self._surface, 6)

    def _bind(self, name: str, version: int, handler: Callable[[int, Body], None] = ignore) -> int:
        return self.link.bind(self.link.offered(name)[0], version, handler)

    def _on_configure(self, _opcode: int, body: Body) -> None:
        self.link.send(self._shell, 4, uint(body.uint()))
        if not self._drawn:
            self._draw(*self._size)
        self.link.send(self._surface, 6)
        self._drawn = True

    def _draw(self, width: int, height: int) -> None:
        size = width * height * 4
        fd = os.memfd_create("window")
        os.ftruncate(fd, size)
        with mmap.mmap(fd, size) as pixels:
            pixels[:] = (COLOUR + b"\xff") * (width * height)
        pool, buffer = self.link.new(ignore), self.link.new(ignore)
        self.link.send(self._memory, 0, uint(pool, size), fd=fd)
        os.close(fd)
        self.link.send(pool, 0, uint(buffer, 0, width, height, width * 4, 1))
        self.link.send(self._surface, 1, uint(buffer, 0, 0))
        self.link.send(self._surface, 2, uint(0, 0, width, height))


def main() -> None:
    """Be that window until standard input ends; each line is another title."""
    title, app, width, height = sys.argv[1:]
    window = _Shown(title, app, int(width), int(height))
    threading.Thread(target=_follow, args=(window,), daemon=True).start()
    sys.stdout.write("shown\n")
    sys.stdout.flush()
    with contextlib.suppress(CompositorGoneError):
        while True:
            window.link.dispatch(window.link.receive(None))  # the compositor asks whether it still lives


def _follow(window: _Shown) -> None:
    for line in sys.stdin:
        window.set_title(line.rstrip("\n"))
    window.link.interrupt()


if __name__ == "__main__":
    main()
