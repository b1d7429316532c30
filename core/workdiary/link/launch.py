"""Starts the tracker in the background, for every face that can."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from workdiary.errors import RuleError, WorkdiaryError
from workdiary.link import client
from workdiary.process import error_of, in_background

if TYPE_CHECKING:
    import subprocess

    from workdiary.paths import Home

START_TIMEOUT_S = 15.0


def start(home: Home, contract: str = "", memo: str = "") -> dict[str, Any]:
    """Start tracking *contract* in a process of its own and return what ``status`` says then.

    Without a contract the session of a tracker that was killed less than a minute ago is taken up.

    :raises RuleError: a tracker is running already.
    :raises WorkdiaryError: the tracker's own refusal, or it did not answer in time.
    """
    with contextlib.suppress(client.NotRunningError):
        running = client.call(home.socket, "status")
        raise RuleError(
            f"{running['contract']} is being tracked already", remedy=f"workdiary switch {contract or 'CONTRACT'}"
        )
    home.prepare()
    process = _spawn(home, contract, memo)
    try:
        return _await(home, process)
    finally:
        assert process.stderr is not None  # it was asked for
        process.stderr.close()
        # A face that lives on must take note of the tracker's end, or it stays in the list of processes.
        threading.Thread(target=process.wait, name="tracker's end", daemon=True).start()


def _spawn(home: Home, contract: str, memo: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "workdiary.tracker", *(["--memo"] if memo else [])]
    own = {"WORKDIARY_HOME": str(home.data.parent)} if home.portable else {}
    words = [*command, *([contract] if contract else [])]
    return in_background(words, {**os.environ, **own}, secret=json.dumps(memo) if memo else "")


def _await(home: Home, process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait until the tracker answers; its own error is ours if it ends instead."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise error_of(process, "the tracker")
        with contextlib.suppress(client.NotRunningError):
            status: dict[str, Any] = client.call(home.socket, "status")
            if status["pid"] == process.pid:  # and not another one that was started at the same time
                return status
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise WorkdiaryError("the tracker did not answer in time", remedy="workdiary doctor")
