"""Does macOS still hand every key over? It switches a listener off that once was slow, and then says nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_pynput.counter import Counter

FRAMEWORKS = "/System/Library/Frameworks/{0}.framework/{0}"
HARDWARE, KEY_DOWN, LEFT_DOWN = 1, 10, 1  #: kCGEventSourceStateHIDSystemState, kCGEventKeyDown, kCGEventLeftMouseDown
GRACE_S = 2.0  #: between an event and its way to us
SECURED = "a program keeps the keyboard to itself, as for a password"
SWITCHED_OFF = "macOS has switched pynput's listener off"


class Control:
    """Compares what was counted with what macOS says of the devices.

    :param since_event: seconds since the last event of a type.
    :param is_secured: whether a program has asked for secure input, in which nobody else is told of keys.
    """

    def __init__(self, since_event: Callable[[int], float], is_secured: Callable[[], bool]) -> None:
        self._since_event = since_event
        self._is_secured = is_secured

    def why_untold(self, counter: Counter) -> str:
        """Return why not all is counted; empty if it is."""
        if self._is_secured():
            return SECURED
        missed = (
            self._since_event(kind) + GRACE_S < ours
            for kind, ours in ((KEY_DOWN, counter.since_key), (LEFT_DOWN, counter.since_click))
        )
        return SWITCHED_OFF if any(missed) else ""


def control() -> Control | None:
    """Return the control of this system; None: it needs none."""
    if sys.platform != "darwin":
        return None
    import ctypes

    graphics: Any = ctypes.CDLL(FRAMEWORKS.format("CoreGraphics"))
    carbon: Any = ctypes.CDLL(FRAMEWORKS.format("Carbon"))
    since = graphics.CGEventSourceSecondsSinceLastEventType
    since.restype, since.argtypes = ctypes.c_double, (ctypes.c_int32, ctypes.c_uint32)
    carbon.IsSecureEventInputEnabled.restype = ctypes.c_bool
    return Control(lambda kind: float(since(HARDWARE, kind)), lambda: bool(carbon.IsSecureEventInputEnabled()))
