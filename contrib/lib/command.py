"""The command `workdiary` as a person would type it, and the tracker that it starts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from workdiary.errors import WorkdiaryError
from workdiary.link import client
from workdiary.paths import Home

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WORKDIARY = [sys.executable, "-m", "workdiary"]
START_TIMEOUT_S = 30.0


class CommandError(Exception):
    """A command that has said itself what is wrong."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Command:
    """Runs ``workdiary`` commands in one environment."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = dict(env)
        self.home = Home.find(env)

    def show(self, *arguments: str) -> None:
        """Print a command, run it, let it print.

        :raises CommandError: its exit code is not 0.
        """
        print(f"\n$ workdiary {' '.join(arguments)}", flush=True)
        code = subprocess.run([*WORKDIARY, *arguments], env=self.env, stdin=subprocess.DEVNULL, check=False).returncode
        if code:
            raise CommandError(code)

    def json(self, *arguments: str) -> Any:
        """Return what a command prints with ``--json``.

        :raises CommandError: its exit code is not 0; it has said why.
        """
        done = subprocess.run(
            [*WORKDIARY, *arguments, "--json"],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            raise CommandError(done.returncode)
        return json.loads(done.stdout)

    def status(self) -> dict[str, Any]:
        """Return the running tracker's status.

        :raises client.NotRunningError: there is none.
        """
        found: dict[str, Any] = client.call(self.home.socket, "status")
        return found

    @contextmanager
    def tracking(self, contract: str, memo: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run the tracker within the block, and stop it in order."""
        # A session of its own: Ctrl-C reaches us alone, and we stop it when the typing has ended.
        child = subprocess.Popen(
            [*WORKDIARY, "run", contract, "--memo", memo],
            env=self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._await_first_tick(child)
            yield child
        finally:
            _stop(child)
        if child.returncode:
            raise CommandError(child.returncode)

    def _await_first_tick(self, child: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if child.poll() is not None:
                raise CommandError(child.returncode or 1)
            try:
                status = self.status()
            except client.NotRunningError:
                status = {}
            if status.get("pid") == child.pid and status["open_segment"]:
                return
            time.sleep(0.05)
        raise WorkdiaryError("the tracker did not start in time", remedy="workdiary doctor")


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
