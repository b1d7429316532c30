"""Programs that tests start: wait until one is ready, and end it."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: How many times as long as usual everything may take, as on an emulated processor. From the environment.
PATIENCE = float(os.environ.get("WORKDIARY_TEST_PATIENCE", "1"))
DEADLINE_S = 15.0 * PATIENCE  #: for a program to be ready
PAUSE_S = 0.02
ENDS_WITHIN_S = 3.0


def wait_until(
    ready: Callable[[], bool], complaint: str, remedy: str, *, seconds: float = DEADLINE_S, log: Path | None = None
) -> None:
    """Wait until *ready*.

    :param complaint: a sentence without its end, of what did not come.
    :param log: what the program said; its end goes into the error.
    :raises WorkdiaryError: it was not in so many seconds.
    """
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            said = f" It said: {log.read_text(errors='replace')[-1000:]}" if log else ""
            raise WorkdiaryError(f"{complaint}.{said}", remedy=remedy)
        time.sleep(PAUSE_S)


def end_program(process: subprocess.Popen[bytes]) -> None:
    """Ask a program to end, and kill it if it does not."""
    process.terminate()
    try:
        process.wait(timeout=ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
