"""Short-lived programs: what is heavy or rare is done by them, and their memory goes with them."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import IO

    from workdiary_tray.loop import Loop

    Then = Callable[[int, bytes, bytes], None]  #: exit code, standard output, standard error

MOST = 1 << 20  #: bytes that are kept of what a program says


class Jobs:
    """Runs programs beside the loop."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    def run(self, command: Sequence[str], then: Then) -> None:
        """Run *command*; call *then* when it has ended. One that cannot be started has the code 127."""
        try:
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/"
            )
        except OSError as error:
            text = f"{command[0]} cannot be started: {error.strerror}"
            self._loop.later(0, lambda: then(127, b"", text.encode()))
            return
        assert child.stdout is not None
        assert child.stderr is not None
        _Job(self._loop, child, (child.stdout, child.stderr), then)


class _Job:
    """Reads what one program says until it ends; what it leaves running may keep the pipes open."""

    def __init__(
        self, loop: Loop, child: subprocess.Popen[bytes], pipes: tuple[IO[bytes], IO[bytes]], then: Then
    ) -> None:
        self._loop = loop
        self._child = child
        self._then = then
        self._pipes = pipes
        self._said = {pipe.fileno(): b"" for pipe in pipes}
        self._open = set(self._said)
        for number in self._said:
            os.set_blocking(number, False)
            loop.watch(number, lambda number=number: self._read(number))  # type: ignore[misc]
        self._pidfd = os.pidfd_open(child.pid)
        loop.watch(self._pidfd, self._end)

    def _read(self, number: int) -> None:
        try:
            data = os.read(number, 1 << 16)
        except BlockingIOError:
            return
        self._said[number] = (self._said[number] + data)[:MOST]
        if not data:
            self._loop.forget(number)
            self._open.discard(number)

    def _end(self) -> None:
        for number in list(self._open):
            before = None
            while number in self._open and before != self._said[number]:
                before = self._said[number]
                self._read(number)
        for number in self._open:
            self._loop.forget(number)
        self._loop.forget(self._pidfd)
        os.close(self._pidfd)
        code = self._child.wait()
        for pipe in self._pipes:
            pipe.close()
        out, err = self._said.values()
        self._then(code, out, err)
