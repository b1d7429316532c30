"""A source for a text console: counts, presence and window from one Linux input device, without any desktop."""

from __future__ import annotations

import os
import secrets
import select
import struct
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary.config import setting
from workdiary.hooks import hookimpl
from workdiary.payloads import InputCounts, Presence, Unknown, Window

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Tick

WORKDIARY_HOOK_API = (1, 0)
EVENT = struct.Struct("llHHi")  # struct input_event of linux/input.h: two longs of time, type, code, value
EV_KEY, EV_REL, REL_WHEEL, FIRST_BUTTON, LAST_BUTTON = 1, 2, 8, 0x110, 0x11F
ACTIVE_MS = 1000


@dataclass(frozen=True, kw_only=True)
class Config:
    """The table ``[plugins.console]``."""

    device: str = setting("/dev/input/event0", "The input device that is read.")


class Meter:
    """Reads the device on a thread of its own, and keeps totals and nothing else."""

    def __init__(self, device: str, context: PluginContext) -> None:
        self.since = secrets.token_hex(4)  # a new run: what happened before was not seen
        self.keys = self.clicks = self.scrolls = 0
        self.ended = ""
        self._wake = context.wake
        self._active_ms = 0
        self._until = self._last = _now_ms()
        self._device = os.open(device, os.O_RDONLY | os.O_CLOEXEC)
        self._stopped, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._read, name="console-meter", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for it."""
        os.close(self._stop)
        self._thread.join()
        os.close(self._stopped)
        os.close(self._device)

    def presence(self) -> Presence:
        """Return the odometer of active time; the second behind the last event counts as far as it has passed."""
        now = _now_ms()
        active = self._active_ms - max(0, self._until - now)
        locked = Unknown(reason="a text console does not say whether it is locked")
        return Presence(since=self.since, active_ms=active, idle_ms=now - self._last, locked=locked)

    def _read(self) -> None:
        while self._stopped not in select.select([self._device, self._stopped], [], [])[0]:
            try:
                event = os.read(self._device, EVENT.size)
            except OSError:
                event = b""
            if len(event) < EVENT.size:
                self.ended = "the input device was unplugged"
                return
            self._take(*EVENT.unpack(event)[2:])

    def _take(self, kind: int, code: int, value: int) -> None:
        if (kind, value) == (EV_KEY, 1):  # 2 is auto-repeat, 0 is the release
            button = FIRST_BUTTON <= code <= LAST_BUTTON
            self.keys, self.clicks = self.keys + (not button), self.clicks + button
        elif kind == EV_REL and code == REL_WHEEL:
            self.scrolls += abs(value)
        else:
            return
        now = _now_ms()
        self._active_ms += now + ACTIVE_MS - max(now, self._until)
        quiet, self._last, self._until = now - self._last > ACTIVE_MS, now, now + ACTIVE_MS
        if quiet:
            self._wake()  # after quiet the next tick may be far away


_meter: Meter | None = None


@hookimpl
def workdiary_config_type() -> type:
    """Describe ``[plugins.console]``."""
    return Config


@hookimpl
def workdiary_start(context: PluginContext) -> None:
    """Open the device; the OSError of a missing or forbidden one says why the plugin is left out."""
    global _meter  # noqa: PLW0603 - a plugin is a module; this is its one piece of state
    _meter = Meter(context.config.device, context)


@hookimpl
def workdiary_stop() -> None:
    """Let go of the device."""
    global _meter
    meter, _meter = _meter, None
    if meter is not None:
        meter.stop()


@hookimpl
def workdiary_count_input(tick: Tick) -> InputCounts | Unknown:  # noqa: ARG001 - the contract's signature
    """Return the odometers; when the device is gone, that, and never zero."""
    if _meter is None or _meter.ended:
        return Unknown(reason=_meter.ended if _meter else "not started")
    return InputCounts(since=_meter.since, keys=_meter.keys, clicks=_meter.clicks, scrolls=_meter.scrolls)


@hookimpl
def workdiary_presence(tick: Tick) -> Presence | Unknown:  # noqa: ARG001 - the contract's signature
    """Return active and idle time."""
    if _meter is None or _meter.ended:
        return Unknown(reason=_meter.ended if _meter else "not started")
    return _meter.presence()


@hookimpl
def workdiary_capture_window(tick: Tick) -> Window | Unknown:  # noqa: ARG001 - the contract's signature
    """Return the console in front; it has no title."""
    try:
        return Window(app=Path("/sys/class/tty/tty0/active").read_text(encoding="ascii").strip(), title="")
    except OSError:
        return Unknown(reason="this machine has no text console")


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
