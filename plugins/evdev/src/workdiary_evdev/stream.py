"""The way to the counter: the helper that an administrator has set up, else a process of our own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from workdiary_evdev.line import LONGEST, NONSENSE

PROGRAM = Path(__file__).with_name("counter.py")
HELPERS = Path("/run/workdiary")
PATIENCE = 3.0  #: seconds for the first line; the helper may have to be started


class CounterGoneError(ConnectionError):
    """The counter ended, refused, or does not speak."""


def helper_socket() -> Path:
    """Where the helper of this user listens, if there is one."""
    return HELPERS / f"input-{os.getuid()}.sock"


class Stream:
    """Lines of one counter.

    :raises OSError: the helper cannot be reached, or the counter cannot be started.
    """

    def __init__(self) -> None:
        self.by_helper = helper_socket().exists()
        self._child: subprocess.Popen[bytes] | None = None
        self._rest = b""
        if self.by_helper:
            self._socket = socket.socket(socket.AF_UNIX)
            try:
                self._socket.connect(str(helper_socket()))
            except BaseException:
                self._socket.close()
                raise
        else:
            self._socket, theirs = socket.socketpair()
            with theirs:
                # Isolated and without site-packages: nothing but the standard library is near the keys.
                command = [sys.executable, "-IS", str(PROGRAM), str(os.getuid())]
                self._child = subprocess.Popen(command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL)

    def first(self) -> bytes:
        """Return the first line.

        :raises CounterGoneError: it does not come.
        """
        self._socket.settimeout(PATIENCE)
        try:
            line = self.next()
        except TimeoutError:
            raise CounterGoneError("the input counter does not answer") from None
        self._socket.settimeout(None)
        return line

    def next(self) -> bytes:
        """Wait for the next line and return it.

        :raises CounterGoneError: the counter ended.
        """
        while b"\n" not in self._rest:
            chunk = self._socket.recv(4096)
            if not chunk:
                raise CounterGoneError("the input counter ended")
            if len(self._rest) > LONGEST:
                raise CounterGoneError(NONSENSE)
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def interrupt(self) -> None:
        """Make a thread that waits in ``next`` get ``CounterGoneError``; the one call allowed from another thread."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # the counter was faster
            return

    def close(self) -> None:
        """Hang up, and wait for a counter of our own to end. May be called twice."""
        self._socket.close()
        if self._child is not None:
            try:
                self._child.wait(timeout=1)
            except subprocess.TimeoutExpired:  # it hangs in the kernel, or was stopped
                self._child.kill()
                self._child.wait()
