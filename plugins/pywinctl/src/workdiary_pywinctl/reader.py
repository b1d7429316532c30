"""A reading with a deadline: on a thread of its own, one at a time."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from workdiary.payloads import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.payloads import Window

ANSWER_WITHIN = 0.2  #: seconds; the hook may take 0.25
FRESH_FOR = 1.5  #: seconds from its beginning; a reading that came late for one tick serves the next
STUCK_AFTER = 5.0  #: seconds
LATE = Unknown(reason="the active window could not be read in time")


class Reader:
    """Asks *read* on a daemon thread. While one reading is under way no other is begun."""

    def __init__(self, read: Callable[[], Window | Unknown], clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._wanted = threading.Event()
        self._done = threading.Event()
        self._done.set()
        self._began = clock()
        self._latest: tuple[float, Window | Unknown] = (self._began, LATE)
        self._ended = False
        threading.Thread(target=self._serve, name="pywinctl-reader", daemon=True).start()

    def ask(self) -> Window | Unknown:
        """Return the active window, read now, or unknown when that takes too long."""
        if self._done.is_set():
            self._done.clear()
            self._began = self._clock()
            self._wanted.set()
        self._done.wait(ANSWER_WITHIN)
        began, value = self._latest
        return value if self._clock() - began <= FRESH_FOR else LATE

    def is_stuck(self) -> bool:
        """Has a reading been under way for so long that it will not come back?"""
        return not self._done.is_set() and self._clock() - self._began > STUCK_AFTER

    def end(self) -> None:
        """Let the thread end after its reading."""
        self._ended = True
        self._wanted.set()

    def _serve(self) -> None:
        while self._wanted.wait() and not self._ended:
            self._wanted.clear()
            self._latest = (self._began, self._read_once())
            self._done.set()

    def _read_once(self) -> Window | Unknown:
        try:
            return self._read()
        except Exception as error:  # BadWindow when it closed meanwhile, UnicodeDecodeError for an odd title
            return Unknown(reason=f"the active window could not be read ({type(error).__name__})")
