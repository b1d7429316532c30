"""The tray's own process: ``python -m workdiary_tray``, which is what ``workdiary tray`` becomes."""

from __future__ import annotations

import os
import signal
import sys

from workdiary.errors import WorkdiaryError
from workdiary.paths import Home
from workdiary.process import no_core_dumps
from workdiary_tray.lock import LOCK, Lock


def main() -> int:
    """Show the tray until it is over; 0: done, or there is one already; 1: there is no desktop."""
    try:
        home = Home.find(os.environ)
        home.prepare()
        lock = Lock(home.runtime / LOCK)
        holder = lock.acquire()
        if holder:
            print(f"The tray is there already (process {holder}).", file=sys.stderr)  # noqa: T201  # the user is told
            return 0
        return _run(home)
    except (WorkdiaryError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201  # the user is told
        return 1
    except KeyboardInterrupt:
        return 0


def _run(home: Home) -> int:
    if sys.platform != "linux":
        from workdiary_tray import portable

        return portable.run(home)
    no_core_dumps()  # memos are in its memory
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    from workdiary_tray import session

    return session.run(home)


def _leave(_number: int, _frame: object) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
