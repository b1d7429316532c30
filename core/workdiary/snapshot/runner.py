"""The tracker's end of the snapshot process: start it, hear its answer, end it.

``os.posix_spawn`` and not ``subprocess``, whose import would cost the tracker 270 KiB for good.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import msgspec

from workdiary.payloads import Unknown
from workdiary.snapshot.messages import Result, decode_result, encode

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
        self._answer = -1
        self._pid = 0
        self._deadline = 0
        self._received = bytearray()
        self._trouble = ""
        self._unreaped: list[int] = []

    @property
    def busy(self) -> bool:
        """Is a result still to come?"""
        return self._answer >= 0

    def fileno(self) -> int:
        """Return the file to watch, another at each start: when it is readable, call ``poll``. -1 while not busy."""
        return self._answer

    def start(self, request: Request) -> None:
        """Start a process for the request; whatever goes wrong is told by ``poll``."""
        if self.busy:
            raise RuntimeError("a snapshot is being taken already")
        self._reap_late()
        self._received.clear()
        self._trouble = ""
        self._deadline = time.monotonic_ns() // 1_000_000 + DEADLINE_MS
        to_worker, our_end = os.pipe()
        self._answer, from_worker = os.pipe()
        os.set_blocking(self._answer, False)
        try:
            os.write(our_end, encode(request))  # far below the 64 KiB that a pipe takes at once
            self._pid = self._spawn(to_worker, from_worker)
        except OSError as error:
            self._trouble = f"the snapshot process could not be started: {error.strerror}"
        finally:
            for end in (to_worker, our_end, from_worker):
                os.close(end)

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
        if self._answer >= 0:
            os.close(self._answer)
            self._answer = -1
        pid, self._pid = self._pid, 0
        if not pid:
            return None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # before it is reaped: until then the number is not given to others
        for _ in range(50):
            ended, status = _reap(pid)
            if ended:
                return status
            time.sleep(0.001)
        self._unreaped.append(pid)  # stuck in the kernel; the tracker does not wait for it
        return None

    def _spawn(self, stdin: int, stdout: int) -> int:
        return os.posix_spawn(
            sys.executable,
            [sys.executable, *self._arguments],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, stdin, 0),
                (os.POSIX_SPAWN_DUP2, stdout, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
            setpgroup=0,
            setsigmask=(),
        )

    def _receive(self) -> bool:
        """Take what has come; whether that was all."""
        while len(self._received) <= LIMIT:
            try:
                part = os.read(self._answer, 1 << 16)
            except BlockingIOError:
                return False
            if not part:
                return True
            self._received += part
        return True

    def _reap_late(self) -> None:
        self._unreaped = [pid for pid in self._unreaped if not _reap(pid)[0]]


def _reap(pid: int) -> tuple[bool, int | None]:
    """Return whether the process is gone for good, and its exit status if it can be known."""
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:  # whoever started the tracker had it ignore SIGCHLD: then the system reaps
        return True, None
    return bool(ended), os.waitstatus_to_exitcode(status) if ended else None


def _nothing(reason: str) -> Result:
    return Result(taken_at=time.time_ns() // 1_000_000, window=Unknown(reason=reason), missing=reason)


def _why(status: int | None) -> str:
    if status is None:
        return "the snapshot process ended without a result"
    if status < 0:
        return f"the snapshot process was killed by signal {-status}"
    return f"the snapshot process ended with status {status} and without a result"
