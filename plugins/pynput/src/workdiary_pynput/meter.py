"""A pair of listeners and their counter."""

from __future__ import annotations

import secrets
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from workdiary.errors import WorkdiaryError
from workdiary.payloads import InputCounts
from workdiary_pynput import mac
from workdiary_pynput.counter import Counter

if TYPE_CHECKING:
    from collections.abc import Callable

READY_WITHIN = 2.0  #: seconds for each listener
STOP_WITHIN = 0.5  #: seconds for each listener
POLL = 0.01  #: seconds
ENDS_WITHIN = 0.1  #: seconds in which a listener ends to which macOS gave no tap, after it said that it is ready


class ListenerError(WorkdiaryError):
    """A listener did not start."""


class Meter:
    """Counts from ``start`` on, for as long as both listeners live."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._counter = Counter(wake)
        self._since = secrets.token_hex(8)
        self._control = mac.control()
        self._listeners: dict[str, Any] = {}

    def start(self) -> None:
        """Start the keyboard's listener, and when it is ready the mouse's: macOS cannot bear both at once.

        :raises ListenerError: one of them was not ready in time, or ended at once.
        """
        keyboard_type, mouse_type = _listener_types()
        count = self._counter
        self._begin("keyboard", keyboard_type(on_press=count.on_press, on_release=count.on_release))
        self._begin("mouse", mouse_type(on_click=count.on_click, on_scroll=count.on_scroll))

    def dead_listener(self) -> str:
        """Return the name of a listener that has ended, or an empty string."""
        # pynput's own `running` stays true on a dead thread.
        return next((name for name, listener in self._listeners.items() if not listener.is_alive()), "")

    def why_untold(self) -> str:
        """Return why not every event is told to us; what is counted from then on is another run."""
        why = self._control.why_untold(self._counter) if self._control is not None else ""
        if why:
            self._since = secrets.token_hex(8)
        return why

    def read(self) -> InputCounts:
        """Return the odometers, which are right as long as no listener is dead."""
        count = self._counter
        return InputCounts(since=self._since, keys=count.keys, clicks=count.clicks, scrolls=count.scrolls)

    def stop(self) -> None:
        """Stop both listeners, and leave behind one that hangs: its thread is a daemon."""
        while self._listeners:
            _, listener = self._listeners.popitem()
            if listener.is_alive() and _is_ready(listener):  # stop before that is lost, or waits for ever
                thread = threading.Thread(target=listener.stop, daemon=True)
                thread.start()
                thread.join(STOP_WITHIN)

    def _begin(self, name: str, listener: Any) -> None:
        self._listeners[name] = listener
        listener.start()
        deadline = time.monotonic() + READY_WITHIN
        while not _is_ready(listener):  # never pynput's wait(): it has no deadline
            if not listener.is_alive() or time.monotonic() > deadline:
                raise ListenerError(f"the {name} listener did not become ready")
            time.sleep(POLL)
        if sys.platform == "darwin":
            listener.join(ENDS_WITHIN)
            if not listener.is_alive():
                raise ListenerError(
                    f"macOS tells the {name} listener nothing, as without a permission", remedy=mac.REMEDY
                )


def _listener_types() -> tuple[Any, Any]:
    if sys.platform == "linux":
        from workdiary_pynput import x11

        return x11.listener_types()
    if sys.platform == "darwin":
        return mac.listener_types()
    from pynput import keyboard, mouse

    return keyboard.Listener, mouse.Listener


def _is_ready(listener: Any) -> bool:
    recording = getattr(listener, "recording", None)
    return bool(recording.is_set() if recording is not None else listener._ready)  # noqa: SLF001 - no public name
