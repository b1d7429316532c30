"""The tracker's one loop: it sleeps until a deadline, a wake-up, a client, a snapshot or a signal."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.tracker.tracker import Tracker

SNAPSHOT_POLL_S = 1.0


class Loop:
    """Runs until ``done`` or until the session has ended. ``wake`` may be called from any thread."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.done = False
        self._woken = False
        self._alarm_ms: int | None = None
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self.selector.register(self._reader, selectors.EVENT_READ, self._drain)
        self._watched = (-1, 0)

    def wake(self) -> None:
        """Make the loop look around soon; cheap when it is about to anyway."""
        if not self._woken:
            self._woken = True
            with contextlib.suppress(BlockingIOError):
                os.write(self._writer, b"\0")

    def wake_at(self, when: float) -> None:
        """Look around at *when* too, in seconds of the monotonic clock."""
        self._alarm_ms = int(when * 1000)

    def run(self, tracker: Tracker, each: Callable[[], None] = lambda: None) -> None:
        """Run until ``done`` or until the session has ended; *each* is called after every round."""
        while not self.done and tracker.recorder is not None:
            for key, _ in self.selector.select(self._timeout(tracker)):
                key.data()
                self._watch(tracker)  # a file that was closed gives its number to the next client
            if self._woken:
                self._woken = False
                tracker.hasten()
            if tracker.shots.runner.busy:
                tracker.poll_shots()
            if tracker.next_ms is not None and _now_ms() >= tracker.next_ms:
                tracker.tick()
            self._watch(tracker)
            each()

    def on_signals(self, act: Callable[[int], None]) -> None:
        """Call *act* on SIGINT, SIGTERM and SIGHUP, and look around."""

        def handle(number: int, _frame: object) -> None:
            act(number)
            self.wake()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, handle)

    def close(self) -> None:
        """Let go of the pipe and the selector."""
        self.selector.close()
        os.close(self._reader)
        os.close(self._writer)

    def _timeout(self, tracker: Tracker) -> float | None:
        deadlines = [at for at in (tracker.next_ms, self._alarm_ms) if at is not None]
        waits = [max(0.0, (at - _now_ms() + 1) / 1000) for at in deadlines]
        if tracker.shots.runner.busy:
            waits.append(SNAPSHOT_POLL_S)  # its deadline; the answer itself wakes us
        return min(waits, default=None)

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._reader, 4096)

    def _watch(self, tracker: Tracker) -> None:
        """Watch the pipe of the snapshot process that runs now, which is another one each time."""
        wanted = (tracker.shots.runner.fileno(), tracker.shots.started)
        if wanted == self._watched:
            return
        if self._watched[0] >= 0:
            with contextlib.suppress(KeyError, ValueError, OSError):
                self.selector.unregister(self._watched[0])
        self._watched = wanted
        if wanted[0] >= 0:
            self.selector.register(wanted[0], selectors.EVENT_READ, lambda: None)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
