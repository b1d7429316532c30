"""Whether somebody looks."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE_S = 600.0


class Attention:
    """Remembers when somebody looked last. Methods may be called from any thread."""

    def __init__(self, idle_s: float = IDLE_S, clock: Callable[[], float] = time.monotonic) -> None:
        self.idle_s = idle_s
        self._clock = clock
        self._lock = threading.Lock()
        self._last = clock()
        self._listening = 0

    def look(self) -> None:
        """Somebody asked for something."""
        with self._lock:
            self._last = self._clock()

    def begin(self) -> None:
        """A page listens; only one that is visible does."""
        with self._lock:
            self._listening += 1

    def end(self) -> None:
        """It does not any more."""
        with self._lock:
            self._listening -= 1
            self._last = self._clock()

    def is_over(self) -> bool:
        """Whether nobody has looked for so long that the process may end."""
        with self._lock:
            return not self._listening and self._clock() - self._last >= self.idle_s
