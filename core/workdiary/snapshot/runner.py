"""The tracker's end of the snapshot process: start it, hear its answer, end it."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING

import msgspec

from workdiary.payloads import Unknown
from workdiary.snapshot.harden import MEMORY
from workdiary.snapshot.messages import Result, decode_result, encode
from workdiary.system.child import Child

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary.snapshot.messages import Request

DEADLINE_MS = 20_000
LIMIT = 256 << 20  #: bytes of an answer; a preview holds whole images
WORKER = ("-P", "-m", "workdiary.snapshot.worker")  # -P: whatever lies in the current directory is not imported


class Runner:
    """At most one snapshot process at a time.

    :param arguments: what Python is started with.
    """

    def __init__(self, arguments: Sequence[str] = WORKER) -> None:
        self._arguments = tuple(arguments)
        self._child: Child | None = None
        self._answer: socket.socket | None = None
        self._deadline = 0
        self._received = bytearray()
        self._trouble = ""
        self._unreaped: list[Child] = []

    @property
    def busy(self) -> bool:
        """Is a result still to come?"""
        return self._answer is not None

    def fileno(self) -> int:
        """Return the file to watch, another at each start: when it is readable, call ``poll``. -1 while not busy."""
        return -1 if self._answer is None else self._answer.fileno()

    def start(self, request: Request) -> None:
        """Start a process for the request; whatever goes wrong is told by ``poll``."""
        if self.busy:
            raise RuntimeError("a snapshot is being taken already")
        self._reap_late()
        self._received.clear()
        self._trouble = ""
        self._deadline = time.monotonic_ns() // 1_000_000 + DEADLINE_MS
        try:
            self._child = Child(self._arguments, memory=MEMORY, heard=False)
        except OSError as error:
            self._trouble = f"the snapshot process could not be started: {error.strerror}"
            self._answer, theirs = socket.socketpair()
            theirs.close()
            return
        self._answer = self._child.link
        with contextlib.suppress(OSError):  # it has ended already: its status says why
            self._answer.sendall(encode(request))  # far below what a socket takes at once
            self._answer.shutdown(socket.SHUT_WR)
        self._answer.setblocking(False)

    def poll(self, now_ms: int) -> Result | None:
        """Return the result, once, or None while there is none. Never waits longer than a tenth of a second.

        :param now_ms: by the monotonic clock.
        """
        self._reap_late()
        if not self.busy:
            return None
        ended = self._receive()
        if not ended and now_ms < self._deadline:
            return None
        result = None
        if not ended:
            self._trouble = f"the snapshot process took longer than {DEADLINE_MS // 1000} s"
        elif not self._trouble:
            with contextlib.suppress(msgspec.DecodeError):
                result = decode_result(bytes(self._received))
            if result is None:
                time.sleep(0.05)  # it has closed its end and is about to exit: its own status says more than our signal
        status = self.stop()
        return result or _nothing(self._trouble or _why(status))

    def stop(self) -> int | None:
        """End the process and all that it started. Returns its exit status, negative for a signal."""
        if self._answer is not None:
            self._answer.close()
            self._answer = None
        child, self._child = self._child, None
        if child is None:
            return None
        child.kill()
        for _ in range(50):
            ended, status = child.reap()
            if ended:
                return status
            time.sleep(0.001)
        self._unreaped.append(child)  # stuck in the kernel; the tracker does not wait for it
        return None

    def _receive(self) -> bool:
        """Take what has come; whether that was all."""
        while self._answer is not None and len(self._received) <= LIMIT:
            try:
                part = self._answer.recv(1 << 16)
            except BlockingIOError:
                return False
            except ConnectionError:  # it ended without having read its request
                return True
            if not part:
                return True
            self._received += part
        return True

    def _reap_late(self) -> None:
        self._unreaped = [child for child in self._unreaped if not child.reap()[0]]


def _nothing(reason: str) -> Result:
    return Result(taken_at=time.time_ns() // 1_000_000, window=Unknown(reason=reason), missing=reason)


def _why(status: int | None) -> str:
    if status is None:
        return "the snapshot process ended without a result"
    if status < 0:
        return f"the snapshot process was killed by signal {-status}"
    return f"the snapshot process ended with status {status} and without a result"
