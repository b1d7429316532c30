"""The tracker's one loop: it sleeps until a deadline, a wake-up, a client, a snapshot or a signal."""

from __future__ import annotations

import contextlib
import selectors
import signal
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.tracker.tracker import Tracker

SNAPSHOT_POLL_S = 1.0
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  #: as far as the system has them


class Loop:
    """Runs until ``done`` or until the session has ended. ``wake`` may be called from any thread."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.done = False
        self._woken = False
        self._hears_signals = False
        self._alarm_ms: int | None = None
        self._reader, self._writer = socket.socketpair()  # Windows selects sockets alone
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self.selector.register(self._reader, selectors.EVENT_READ, self._drain)
        self._watched = (-1, 0)

    def wake(self) -> None:
        """Make the loop look around soon; cheap when it is about to anyway."""
        if not self._woken:
            self._woken = True
            with contextlib.suppress(BlockingIOError):
                self._writer.send(b"\0")

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
        """Call *act* when told to end from outside, and look around."""

        def handle(number: int, _frame: object) -> None:
            act(number)
            self.wake()

        for name in SIGNALS:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), handle)
        # On Windows a signal interrupts no waiting: only this ends it.
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._hears_signals = True

    def close(self) -> None:
        """Let go of the sockets and the selector."""
        if self._hears_signals:
            signal.set_wakeup_fd(-1)
        self.selector.close()
        self._reader.close()
        self._writer.close()

    def _timeout(self, tracker: Tracker) -> float | None:
        deadlines = [at for at in (tracker.next_ms, self._alarm_ms) if at is not None]
        waits = [max(0.0, (at - _now_ms() + 1) / 1000) for at in deadlines]
        if tracker.shots.runner.busy:
            waits.append(SNAPSHOT_POLL_S)  # its deadline; the answer itself wakes us
        return min(waits, default=None)

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._reader.recv(4096)

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
