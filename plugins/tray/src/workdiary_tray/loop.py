"""One thread, asleep until a file is readable or a time has come."""

from __future__ import annotations

import heapq
import itertools
import selectors
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Timer:
    """A call that is still to come."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.act: Callable[[], None] | None = act

    def cancel(self) -> None:
        """Let it not happen; may come twice."""
        self.act = None


class Loop:
    """Calls what was registered for a file or a time, until ``done``."""

    def __init__(self) -> None:
        self.done = False
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Timer]] = []
        self._count = itertools.count()

    def watch(self, file: Any, act: Callable[[], None]) -> None:
        """Call *act* whenever *file* can be read."""
        self._selector.register(file, selectors.EVENT_READ, act)

    def forget(self, file: Any) -> None:
        """Watch *file* no longer; before it is closed."""
        self._selector.unregister(file)

    def later(self, seconds: float, act: Callable[[], None]) -> Timer:
        """Call *act* once after *seconds*."""
        timer = Timer(act)
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._count), timer))
        return timer

    def run(self) -> None:
        """Run until ``done``."""
        while not self.done:
            for key, _ in self._selector.select(self._timeout()):
                if self._selector.get_map().get(key.fd) == key:  # an earlier one may have closed it
                    key.data()
            self._ring()

    def _timeout(self) -> float | None:
        while self._timers and self._timers[0][2].act is None:
            heapq.heappop(self._timers)
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None

    def _ring(self) -> None:
        while self._timers and (self._timers[0][2].act is None or self._timers[0][0] <= time.monotonic()):
            act = heapq.heappop(self._timers)[2].act
            if act is not None:
                act()
