"""Totals of input: how often, never what."""

from __future__ import annotations

import struct

RAW_KEY_PRESS = 13
RAW_BUTTON_PRESS = 15
#: Presses only. Motion would wake us for every pixel; raw presses have no auto-repeat, so releases are not needed.
EVENT_MASK = 1 << RAW_KEY_PRESS | 1 << RAW_BUTTON_PRESS
WHEEL = range(4, 8)


class InputOdometer:
    """Count presses. Which key it was is never read from the event."""

    def __init__(self) -> None:
        self.keys = 0
        self.clicks = 0
        self.scrolls = 0

    def count(self, event: bytes) -> None:
        """Take one raw XInput2 event."""
        (kind,) = struct.unpack_from("<H", event, 8)
        if kind == RAW_KEY_PRESS:
            self.keys += 1
        elif kind == RAW_BUTTON_PRESS:
            (button,) = struct.unpack_from("<I", event, 16)
            if button in WHEEL:
                self.scrolls += 1
            else:
                self.clicks += 1
