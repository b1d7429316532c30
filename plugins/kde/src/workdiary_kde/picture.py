"""Pictures of every screen, by org.kde.KWin.ScreenShot2: raw pixels through a pipe."""

from __future__ import annotations

import os
import select
from typing import TYPE_CHECKING, Any

from jeepney.wrappers import DBusAddress

from workdiary.payloads import Frame, Unknown
from workdiary_kde.script import KWIN
from workdiary_kde.survey import survey

if TYPE_CHECKING:
    from pathlib import Path

    from workdiary.payloads import Rect
    from workdiary_dbus.bus import Bus

SHOTS = DBusAddress("/org/kde/KWin/ScreenShot2", KWIN, "org.kde.KWin.ScreenShot2")
OPTIONS = {"include-cursor": ("b", False), "native-resolution": ("b", True)}
BGRX = {4, 5, 6}  #: QImage::Format_RGB32, ARGB32, ARGB32_Premultiplied, all B G R X in memory
PATIENCE = 5.0
REFUSED = Unknown(
    reason="KWin hands out no pictures: nobody allowed it (`workdiary kde allow-pictures`), or it draws without OpenGL"
)
STRANGE = Unknown(reason="KWin hands out pictures of a kind that is not known here")


def grab(bus: Bus, place: Path) -> tuple[Frame, ...] | Unknown:
    """Return one frame for each screen.

    :raises WorkdiaryError: KWin is gone, or runs no scripts.
    """
    screens = survey(bus, place)
    if isinstance(screens, Unknown):
        return screens
    frames: list[Frame] = []
    for monitor in screens.monitors:
        frame = _area(bus, monitor.rect)
        if isinstance(frame, Unknown):
            return frame
        frames.append(frame)
    return tuple(frames) or Unknown(reason="KWin names no screen")


def _area(bus: Bus, rect: Rect) -> Frame | Unknown:
    reading, writing = os.pipe()
    answers: list[tuple[Any, ...] | None] = []
    try:
        body = (rect.x, rect.y, rect.width, rect.height, OPTIONS, writing)
        bus.call(SHOTS, "CaptureArea", "iiuua{sv}h", body, then=answers.append)
    finally:
        os.close(writing)
    with open(reading, "rb", buffering=0) as pipe:  # noqa: PTH123 - no path
        data = _all(pipe.fileno())
    if not bus.until(lambda: bool(answers), PATIENCE) or answers[0] is None or data is None:
        return REFUSED
    told = {name: value for name, (_, value) in answers[0][0].items()}
    return _frame(rect, told, data)


def _all(pipe: int) -> bytes | None:
    """Return what comes until the other end is closed; None: it takes too long."""
    parts: list[bytes] = []
    while select.select([pipe], [], [], PATIENCE)[0]:
        part = os.read(pipe, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _frame(rect: Rect, told: dict[str, Any], data: bytes) -> Frame | Unknown:
    width, height, stride = int(told["width"]), int(told["height"]), int(told["stride"])
    if told.get("format") not in BGRX or len(data) < stride * height:
        return STRANGE
    if stride != width * 4:
        data = b"".join(data[row * stride : row * stride + width * 4] for row in range(height))
    return Frame(rect=rect, width=width, height=height, pixels=data[: width * height * 4])
