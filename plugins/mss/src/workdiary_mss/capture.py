"""One capture: open, grab every monitor, close. The only module that knows mss's objects."""

from __future__ import annotations

from typing import Any

from workdiary.payloads import Frame, Rect, Unknown
from workdiary_mss.session import XWAYLAND
from workdiary_mss.sonames import known_sonames

with known_sonames():
    import mss


def capture() -> tuple[Frame, ...] | Unknown:
    """Return a frame of every monitor, or why there is none.

    mss caches the monitors of an instance and has leaked handles of long-lived ones, so each capture has its own.
    """
    try:
        with known_sonames(), mss.MSS() as screen:
            monitors = list(screen.monitors[1:])  # the first is the whole desktop, gaps included
            if any(str(_field(each, "output")).startswith("XWAYLAND") for each in monitors):
                return Unknown(reason=XWAYLAND)
            frames = tuple(_frame(screen.grab(each), each) for each in monitors)
    except Exception as error:  # XProtoError, ScreenShotError, OSError, even AssertionError when the server is gone
        return Unknown(reason=f"mss could not read the screen ({type(error).__name__})")
    return frames or Unknown(reason="no monitor is connected")


def _field(monitor: Any, name: str) -> Any:
    """Read a monitor of mss 10 (a dict) or 11 (an object)."""
    return monitor.get(name) if isinstance(monitor, dict) else getattr(monitor, name, None)


def _frame(shot: Any, monitor: Any) -> Frame:
    x, y, width, height = (int(_field(monitor, name)) for name in ("left", "top", "width", "height"))
    return Frame(
        rect=Rect(x=x, y=y, width=width, height=height),
        width=int(shot.width),
        height=int(shot.height),
        pixels=bytes(shot.bgra),
    )
