"""One child process for one plugin: what it eats, leaks or crashes is its own."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import sys
import threading
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from workdiary.plugins import wire
from workdiary.plugins.lane import BUSY, Failure, Job, Turnstile, failure_of
from workdiary.system.child import Child as Process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workdiary.plugins.origin import Origin

MEMORY = 2**30  #: bytes of address space
#: A child that reads nothing for five seconds is hung.
STALLED: int | bytes = 5_000 if sys.platform == "win32" else struct.pack("@ll", 5, 0)


class ProcessLane:
    """A lane in a child process, which begins with the first call and is replaced when it dies."""

    kind = "process"

    def __init__(
        self,
        origin: Origin,
        *,
        table: dict[str, Any],
        state_directory: Path,
        socket: Path,
        wake: Callable[[], None],
    ) -> None:
        self._origin = origin
        self._hello = wire.Hello(
            value=origin.value, table=table, state_directory=str(state_directory), socket=str(socket), memory=MEMORY
        )
        self._wake = wake
        self._child: Child | None = None
        self._number = 0
        self._overdue = 0.0  #: when a call that overran has had twice its budget

    @property
    def stuck(self) -> bool:
        """Has a call overrun that has not returned yet?"""
        return self._child is not None and self._child.turnstile.stuck

    def call(self, hook: str, argument: Any, budget: float) -> Any:
        """Return the hook's answer, or a Failure."""
        child = self._child
        if child is not None and child.gone:
            child = self._child = None
        if child is None:
            try:
                child = self._child = Child(self._origin.name, self._hello, self._wake)
            except (OSError, RuntimeError) as error:  # no more sockets or threads
                return Failure(f"its process cannot be started: {type(error).__name__}", fatal=True)
        elif child.turnstile.running is not None and time.monotonic() > self._overdue:
            child.end(within=0.0)
            self._child = None
            return Failure("took longer than twice its time; its process was ended", fatal=True)
        self._number += 1
        job = Job(hook, argument)
        began = time.monotonic()
        answer = child.turnstile.run(job, lambda job: child.post(self._number, job), budget)
        if answer is not BUSY:
            self._overdue = began + 2 * budget
        return answer

    def close(self, within: float) -> None:
        """End the child: by closing its socket, and with a kill when that does not help."""
        child, self._child = self._child, None
        if child is not None:
            child.end(within)


class Child:
    """A running child. Its thread spawns it, hears it and buries it."""

    def __init__(self, name: str, hello: wire.Hello, wake: Callable[[], None]) -> None:
        self.turnstile = Turnstile()
        self.gone = False
        self._name = name
        self._wake = wake
        self._process: Process | None = None
        self._number = 0
        self._process_lock = threading.Lock()
        started = SimpleQueue[OSError | None]()
        # The kernel ends the child with the *thread* that spawned it, so that has to be the one that stays.
        self._thread = threading.Thread(target=self._serve, args=(started,), name=f"plugin-{name}", daemon=True)
        self._thread.start()
        if (error := started.get()) is not None:
            raise error
        with contextlib.suppress(OSError):  # gone before it began: the first call says so
            wire.send(self._link, hello)

    def post(self, number: int, job: Job) -> None:
        """Send a call; an answer with another number is late and is dropped."""
        self._number = number
        try:
            wire.send(self._link, (number, job.hook, wire.pack(job.argument)))
        except OSError:
            self._kill()
            self.turnstile.finish(job, Failure("its process is gone", fatal=True))
        except (TypeError, ValueError) as error:  # half a character in a title cannot be sent
            self.turnstile.finish(job, failure_of(error))

    def end(self, within: float) -> None:
        """Ask the child to end, and kill it when it does not within so many seconds."""
        with contextlib.suppress(OSError):  # it may be gone already
            self._link.shutdown(socket.SHUT_WR)
        if within:
            self._thread.join(within)
        self._kill()
        self._thread.join(1.0)

    def _serve(self, started: SimpleQueue[OSError | None]) -> None:
        try:
            self._process = spawn(self._name)
        except OSError as error:
            started.put(error)
            return
        self._link = self._process.link
        self._link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, STALLED)
        started.put(None)
        ended = ""
        try:
            while (message := wire.receive(self._link)) is not None:
                self._take(*wire.ANSWER.decode(message))
        except (OSError, ValueError) as error:  # nonsense from a child ends it
            ended = f"its process was ended: {type(error).__name__}"
        finally:
            self._bury(ended)

    def _take(self, number: int, packed: wire.Packed) -> None:
        if number == wire.WAKE:
            self._wake()
            return
        job = self.turnstile.running
        if job is not None and number == self._number:
            self.turnstile.finish(job, _safe(wire.unpack(packed)))

    def _bury(self, ended: str) -> None:
        self._kill()
        status = None
        with self._process_lock:
            if self._process is not None:
                status = self._process.reap(wait=True)[1]
                self._process = None
        self.gone = True
        self._link.close()
        job = self.turnstile.running
        if job is not None:
            why = f"by signal {-status}" if status is not None and status < 0 else "by itself"
            self.turnstile.finish(job, Failure(ended or f"its process ended {why}", fatal=True))

    def _kill(self) -> None:
        with self._process_lock:
            if self._process is not None:
                self._process.kill()


def spawn(name: str) -> Process:
    """Start the child for the plugin *name*."""
    return Process(("-P", "-m", "workdiary.plugins.child", name, str(os.getpid())), memory=MEMORY, heard=True)


def _safe(answer: Any) -> Any:
    """Return the answer; a failure that a child tells of may not carry anything but the name of a type."""
    if type(answer) is not Failure:
        return answer
    what = answer.what[:60] if answer.what.isidentifier() else "Error"
    return Failure(what, message=answer.message[:200], not_here=answer.not_here)
