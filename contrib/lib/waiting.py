"""Wait while the tracker tracks, and let somebody type meanwhile."""

from __future__ import annotations

import signal
import sys
import time
from typing import TYPE_CHECKING, Self

from workdiary.link import client

if TYPE_CHECKING:
    from command import Command
    from hand import Hand

TURN_S = 2.0
SETTLE_S = 2.0  #: after the last key: the tracker ticks within a second of it
LINE_EVERY_S = 10.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Ends the tracking at a time, or at Ctrl-C: then what was begun is finished, and the report follows."""

    def __init__(self, seconds: int | None) -> None:
        self._asked = False
        self._end = None if seconds is None else time.monotonic() + seconds

    def __enter__(self) -> Self:
        for number in SIGNALS:
            signal.signal(number, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        for number in SIGNALS:  # the next Ctrl-C ends the program at once
            signal.signal(number, signal.default_int_handler)

    def _ask(self, *_: object) -> None:
        self._asked = True

    def within(self, seconds: float) -> bool:
        """Say whether it will be over in *seconds*."""
        return self._asked or (self._end is not None and time.monotonic() + seconds >= self._end)

    def sleep(self, seconds: float, before: float) -> None:
        """Sleep, at most until *before* seconds before the end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.within(before):
            time.sleep(0.1)


def track(command: Command, seconds: int | None, hand: Hand | None) -> None:
    """Wait, and type if there is a hand, until the time is over, somebody asks to stop, or the tracker has ended."""
    settle = SETTLE_S if hand else 0
    progress = Progress(command)
    print(f"Tracking {f'for {seconds} s' if seconds else 'until you press Ctrl-C'}.", flush=True)
    with Stop(seconds) as stop:
        while not stop.within(settle) and progress.show(hand):
            if hand is not None:
                hand.turn()
            stop.sleep(TURN_S, settle)
        time.sleep(settle)


class Progress:
    """A line of progress now and then; on a terminal `workdiary run` shows a live one itself."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._due = time.monotonic()

    def show(self, hand: Hand | None) -> bool:
        """Print what is due; false if the tracker has ended, as after `workdiary stop`."""
        try:
            now = self._command.status()["open_segment"] or {}
        except client.NotRunningError:
            return False
        if not sys.stderr.isatty() and time.monotonic() >= self._due:
            self._due += LINE_EVERY_S
            typed = f", typed so far: {hand.done}" if hand else ""
            print(f"{now.get('tracked_seconds', 0):4} s in this segment{typed}", flush=True)
        return True
