"""Does macOS still hand every key over? It switches a listener off that once was slow, and then says nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_pynput.counter import Counter

FRAMEWORKS = "/System/Library/Frameworks/{0}.framework/{0}"
#: kCGEventSourceStateCombinedSessionState: that of the hardware has what another user types, and no tap here hears it
SESSION = 0
KEY_DOWN, SCROLL = 10, 22  #: kCGEventKeyDown, kCGEventScrollWheel
BUTTONS = (1, 3, 25)  #: kCGEventLeftMouseDown, kCGEventRightMouseDown, kCGEventOtherMouseDown
REMEDY = "System Settings, Privacy & Security, Input Monitoring: allow it, then start the tracker again."
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
            counter.keep()
            return SECURED
        told = {KEY_DOWN: counter.since_key, SCROLL: counter.since_scroll} | dict.fromkeys(BUTTONS, counter.since_click)
        missed = any(self._since_event(kind) + GRACE_S < ours for kind, ours in told.items())
        return SWITCHED_OFF if missed else ""


def listener_types() -> tuple[Any, Any]:
    """Return pynput's keyboard and mouse listener; the mouse's asks for presses and the wheel alone.

    pynput's own asks for motion too, hundreds of events a second that count nothing, and each may be the slow one.
    """
    from pynput import keyboard, mouse

    class Mouse(mouse.Listener):  # type: ignore[misc]  # pynput has no types
        """Without motion."""

        _EVENTS = sum(1 << kind for kind in (*BUTTONS, SCROLL))

    return keyboard.Listener, Mouse


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
    return Control(lambda kind: float(since(SESSION, kind)), lambda: bool(carbon.IsSecureEventInputEnabled()))
