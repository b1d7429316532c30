"""The plugin's own counter, run as it is, and the lines that it tells."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, Self

from workdiary_evdev.stream import PROGRAM


class Line(NamedTuple):
    run: str
    totals: tuple[int, int, int]
    state: str


class Counted:
    """One counter. With *change* its text is changed first; with *user* that user runs it."""

    def __init__(self, change: tuple[str, str] | None = None, user: int = 0) -> None:
        program = PROGRAM
        if change is not None:
            program = Path("/tmp/changed.py")
            text = PROGRAM.read_text()
            program.write_text(text.replace(*change))
            assert program.read_text() != text
        self._socket, theirs = socket.socketpair()
        with theirs:
            # The right to ask goes by who made the socket, which is root here.
            command = [sys.executable, "-IS", str(program), str(os.getuid())]
            self._process = subprocess.Popen(command, stdin=theirs, user=user or None, group=user or None)
        self._rest = ""
        self._latest: Line | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        assert self._process.wait(timeout=60) == 0

    def line(self, seconds: float = 60) -> Line | None:
        """Return the next line, None if there is none within the time."""
        while "\n" not in self._rest:
            if not select.select([self._socket], [], [], seconds)[0]:
                return None
            chunk = self._socket.recv(4096).decode()
            assert chunk, "the counter ended"
            self._rest += chunk
        text, _, self._rest = self._rest.partition("\n")
        run, *totals, state = text.split()
        self._latest = Line(run, tuple(map(int, totals)), state)
        return self._latest

    def last(self, quiet: float = 2.5) -> Line:
        """Return the line after which nothing comes any more."""
        if self._latest is None:
            self.line()
        while self.line(quiet):
            pass
        return self._latest

    def switches(self) -> int:
        """Return how often it has run so far."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return sum(map(int, re.findall(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.MULTILINE)))

    def halt(self) -> None:
        self._process.send_signal(signal.SIGSTOP)
        os.waitpid(self._process.pid, os.WUNTRACED)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)
