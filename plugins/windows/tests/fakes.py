"""A Windows that answers what a test wrote down, with the names and the numbers of the documentation."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass
class FakeWindows:
    """``now`` and ``input_at`` are counters of 32 bits; windows are number: (program, title, place)."""

    now: int = 100_000
    input_at: int = 0
    front: int = 0
    shown: dict[int, tuple[str, str, tuple[int, int, int, int]]] = field(default_factory=dict)
    screens: list = field(default_factory=lambda: [("DISPLAY1", True, (0, 0, 1920, 1080))])
    locked: bool | None = None

    def tick(self) -> int:
        return self.now % (1 << 32)

    def last_input(self) -> int:
        return self.input_at % (1 << 32)

    def foreground(self) -> int:
        return self.front

    def title(self, window: int) -> str:
        return self.shown[window][1] if window in self.shown else ""

    def program(self, window: int) -> str:
        return self.shown[window][0] if window in self.shown else ""

    def windows(self) -> list[int]:
        return list(self.shown)

    def place(self, window: int) -> tuple[int, int, int, int]:
        return self.shown[window][2] if window in self.shown else (0, 0, 0, 0)

    def monitors(self):
        return self.screens

    def is_locked(self) -> bool | None:
        return self.locked

    def listen(self, hear):
        self.ear = FakeEar(hear)
        return self.ear


class FakeEar:
    """Messages that were sent are heard by the next ``wait``."""

    def __init__(self, hear) -> None:
        self._hear = hear
        self._sent: list[tuple[int, int]] = []
        self._there = threading.Event()
        self.answers: list[int | None] = []
        self.waits: list[float] = []
        self.closed = 0

    def send(self, message: int, parameter: int = 0) -> None:
        self._sent.append((message, parameter))
        self._there.set()

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self._there.wait(min(seconds, 0.02))
        self._there.clear()
        while self._sent:
            self.answers.append(self._hear(*self._sent.pop(0)))

    def interrupt(self) -> None:
        self.send(0x0010)

    def close(self) -> None:
        self.closed += 1
