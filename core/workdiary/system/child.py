"""A process of ours that is led over a socket, is bounded, and is ended with all that it started."""

from __future__ import annotations

import contextlib
import os
import socket
import sys

if sys.platform == "win32":
    import subprocess

    from workdiary.system.job import Job

    class Child:
        """A running Python. The job that holds it ends with us, however we end."""

        def __init__(self, arguments: tuple[str, ...], *, memory: int, heard: bool) -> None:
            self._job = Job(memory)
            self.link, theirs = socket.socketpair()
            with theirs:
                try:
                    self._process = subprocess.Popen(
                        [sys.executable, *arguments], creationflags=subprocess.CREATE_NO_WINDOW,
                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=None if heard else subprocess.DEVNULL,
                    )  # fmt: skip
                except OSError:
                    self.link.close()
                    raise
                self.pid = self._process.pid
                assert self._process.stdin is not None  # it was asked for
                with contextlib.suppress(OSError), self._process.stdin as stdin:  # gone already: its status says why
                    self._job.take(self.pid)  # before anything of it runs: it waits for what comes next
                    stdin.write(theirs.share(self.pid))

        def kill(self) -> None:
            """End it and all that it started."""
            self._job.end()

        def reap(self, *, wait: bool = False) -> tuple[bool, int | None]:
            """Return whether it is gone for good, and its exit status."""
            status = self._process.wait() if wait else self._process.poll()
            return status is not None, status

    def take_link() -> socket.socket:
        """Return our end of the socket, in a process that was started so."""
        return socket.fromshare(sys.stdin.buffer.read())

else:
    import signal

    class Child:
        """A running Python, the leader of a process group. It limits its memory itself.

        ``os.posix_spawn`` and not ``subprocess``, whose import would cost the tracker 270 KiB for good.
        """

        def __init__(self, arguments: tuple[str, ...], *, memory: int, heard: bool) -> None:
            del memory
            self.link, theirs = socket.socketpair()
            with theirs:
                actions = [(os.POSIX_SPAWN_DUP2, theirs.fileno(), number) for number in (0, 1)]
                quiet = [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
                try:
                    self.pid = os.posix_spawn(
                        sys.executable,
                        [sys.executable, *arguments],
                        os.environ,
                        file_actions=actions if heard else [*actions, *quiet],
                        setpgroup=0,
                        setsigmask=(),
                    )
                except OSError:
                    self.link.close()
                    raise

        def kill(self) -> None:
            """End it and all that it started; before it is reaped, as its number is given to nobody until then."""
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

        def reap(self, *, wait: bool = False) -> tuple[bool, int | None]:
            """Return whether it is gone for good, and its exit status if it can be known, negative for a signal."""
            try:
                ended, status = os.waitpid(self.pid, 0 if wait else os.WNOHANG)
            except ChildProcessError:  # whoever started the tracker had it ignore SIGCHLD: then the system reaps
                return True, None
            return bool(ended), os.waitstatus_to_exitcode(status) if ended else None

    def take_link() -> socket.socket:
        """Return our end of the socket, in a process that was started so; plugins can say nothing on it."""
        link = socket.socket(fileno=os.dup(0))
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1):
            os.dup2(null, number)
        os.close(null)
        return link
