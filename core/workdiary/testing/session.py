"""A bus of its own, bare or with a notification service (dunst) on it, for tests."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from workdiary.errors import WorkdiaryError

if TYPE_CHECKING:
    from collections.abc import Mapping

BUS = """<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""
DEADLINE_S = 15.0


class PrivateBus:
    """Starts a bus that serves as session bus or system bus; ends it on exit.

    :param env: the environment to add to, as ``VirtualDesktop.env`` returns it.
    :raises WorkdiaryError: a program is missing, or did not become ready.
    """

    programs: tuple[str, ...] = ("dbus-daemon",)

    def __init__(self, env: Mapping[str, str]) -> None:
        for program in self.programs:
            if shutil.which(program) is None:
                raise WorkdiaryError(f"{program} is not installed", remedy="apt install dbus dunst")
        self._folder = tempfile.TemporaryDirectory(prefix="workdiary-session-")
        place = Path(self._folder.name)
        self.address = f"unix:path={place / 'bus'}"
        self._env = dict(env)
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        config = Path(self._folder.name) / "bus.conf"
        config.write_text(BUS.format(path=self.address.removeprefix("unix:path=")))
        try:
            bus = self._spawn("dbus-daemon", "--nofork", "--print-address", "--config-file", str(config))
            assert bus.stdout is not None
            bus.stdout.readline()
            self._begin()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def env(self) -> dict[str, str]:
        """Return the environment that leads programs to this bus."""
        return {**self._env, "DBUS_SESSION_BUS_ADDRESS": self.address}

    def close(self) -> None:
        """End everything. May be called twice."""
        while self._children:
            child = self._children.pop()
            child.terminate()
            child.communicate()
        self._folder.cleanup()

    def _begin(self) -> None:
        """Start what belongs on the bus."""

    def _spawn(self, *command: str) -> subprocess.Popen[bytes]:
        env = {**self.env(), "XDG_CONFIG_HOME": self._folder.name}
        child = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self._children.append(child)
        return child


class NotificationSession(PrivateBus):
    """A session bus with dunst on it."""

    programs = ("dbus-daemon", "dunst", "dunstctl")

    def _begin(self) -> None:
        self._spawn("dunst")
        self._await_service()

    def _await_service(self) -> None:
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            done = subprocess.run(["dunstctl", "count"], env=self.env(), capture_output=True, check=False)
            if done.stdout.strip():
                return
            time.sleep(0.02)
        raise WorkdiaryError("dunst is not ready")
