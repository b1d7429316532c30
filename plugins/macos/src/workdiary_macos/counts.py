"""Counts by the window server's own counters: no key is told to us, and no permission is asked for."""

from __future__ import annotations

import os
from typing import Protocol

from workdiary.payloads import InputCounts, Unknown

KEY_DOWN, FLAGS_CHANGED = 10, 12  #: kCGEventKeyDown, without auto-repeat; kCGEventFlagsChanged: a modifier, down and up
BUTTONS = (1, 3, 25)  #: kCGEventLeftMouseDown, kCGEventRightMouseDown, kCGEventOtherMouseDown
SECURED = Unknown(reason="a program keeps the keyboard to itself, as for a password")
SCROLLS = Unknown(reason="macOS counts events of scrolling, and not the steps of a wheel")
NOTHING_COUNTED = Unknown(reason="macOS has counted no key and no click since its window server began")


class Counting(Protocol):
    """What macOS tells of input."""

    def count(self, kind: int) -> int:
        """Return how many events of a type there were since the window server began."""

    def is_secured(self) -> bool:
        """Return whether a program has asked for secure input."""


class Counts:
    """Odometers of keys and clicks, and when they cannot be trusted."""

    def __init__(self, system: Counting) -> None:
        self._system = system
        self._since = os.urandom(8).hex()
        self._last = (0, 0)
        self._secured = False

    def look(self) -> None:
        """Note secured input also between two readings: nobody says whether macOS goes on counting in it."""
        secured = self._system.is_secured()
        if self._secured and not secured:
            self._begin_anew()
        self._secured = secured

    def read(self) -> InputCounts | Unknown:
        """Return the odometers. All at zero is no reading: somebody has logged in with a key or a click."""
        self.look()
        keys, clicks = self._keys(), sum(map(self._system.count, BUTTONS))
        if keys < self._last[0] or clicks < self._last[1]:
            self._begin_anew()  # another window server
        self._last = (keys, clicks)
        if not keys + clicks:
            return NOTHING_COUNTED
        return InputCounts(since=self._since, keys=SECURED if self._secured else keys, clicks=clicks, scrolls=SCROLLS)

    def _keys(self) -> int:
        """A modifier is counted at its press and at its release, other keys at the press alone."""
        return self._system.count(KEY_DOWN) + self._system.count(FLAGS_CHANGED) // 2

    def _begin_anew(self) -> None:
        self._since = os.urandom(8).hex()
