"""pynput on X11: its faults and those of python-xlib, mended in one place."""

from __future__ import annotations

import threading
from typing import Any

import Xlib.threaded  # noqa: F401 - without it python-xlib deadlocks between threads
from Xlib import X, display, error
from Xlib.protocol import display as protocol

FIRST_EXTENSION_ERROR = 128


def _add_extension_error(self: Any, code: int, kind: Any) -> None:
    if code >= FIRST_EXTENSION_ERROR:
        self.error_classes[code] = kind


# python-xlib 0.33 registers RandR's errors over the core ones; the next BadValue would then spin at 100 % for ever.
# This must come before the first connection, and pynput connects when it is imported.
protocol.Display.add_extension_error = _add_extension_error


def why_server_unfit(xwayland: str) -> str | None:
    """Return why this X server does not show all input: it is Xwayland, or has no RECORD extension."""
    try:
        server = display.Display()
    except (error.DisplayError, error.XError, OSError) as problem:
        return f"the X server cannot be reached ({type(problem).__name__})"
    try:
        if server.query_extension("XWAYLAND") is not None or any(
            name.startswith("XWAYLAND") for name in _output_names(server)
        ):
            return xwayland
        return None if server.has_extension("RECORD") else "the X server has no RECORD extension"
    finally:
        server.close()


def _output_names(server: Any) -> list[str]:
    """Return the names of the outputs: an Xwayland before 23.1 is known by nothing else."""
    if not server.has_extension("RANDR"):
        return []
    resources = server.screen().root.xrandr_get_screen_resources_current()
    return [str(server.xrandr_get_output_info(output, resources.config_timestamp).name) for output in resources.outputs]


def listener_types() -> tuple[Any, Any]:
    """Return pynput's keyboard and mouse listener, mended. Imports pynput, which connects to the X server."""
    from pynput import keyboard, mouse

    class Keyboard(_Mended, keyboard.Listener):  # type: ignore[misc]  # pynput has no types
        """Hands the key's code over, which neither shift nor a layout changes between press and release."""

        def _handle_message(self, _display: Any, event: Any, injected: bool) -> None:  # noqa: FBT001 - pynput's
            if event.type == X.KeyPress:
                self.on_press(event.detail, injected)
            elif event.type == X.KeyRelease:
                self.on_release(event.detail, injected)

    class Mouse(_Mended, mouse.Listener):  # type: ignore[misc]  # pynput has no types
        """Asks for buttons alone: pynput's own range includes motion, which costs 28 times as much."""

        _EVENTS = (X.ButtonPress, X.ButtonRelease)

    return Keyboard, Mouse


class _Mended:
    """Says when recording has begun, and stops at once instead of at the next event."""

    def __init__(self, **callbacks: Any) -> None:
        super().__init__(**callbacks)
        self.recording = threading.Event()

    def _handler(self, events: Any) -> Any:
        self.recording.set()  # the server's first message, before any event, says that it records
        return super()._handler(events)  # type: ignore[misc]  # pynput's

    def _stop_platform(self) -> None:
        stop: Any = self._display_stop  # type: ignore[attr-defined]  # pynput's
        stop.record_disable_context(self._context)  # type: ignore[attr-defined]  # pynput's
        stop.sync()
