"""pynput's own code for macOS, run elsewhere: what it imports is stood in for, and taps do as Apple documents.

Run as ``on_fake_mac.py LIBRARY STEP...``; prints what the plugin answered to its start and after each step, as JSON.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import itertools
import json
import logging
import os
import queue
import sys
import threading
import time
import types
from pathlib import Path
from typing import NamedTuple

#: As CGEventTypes.h has them.
LEFT_DOWN, LEFT_UP, RIGHT_DOWN, MOVED, KEY_DOWN, KEY_UP, FLAGS, SCROLL, OTHER_DOWN = 1, 2, 3, 5, 10, 11, 12, 22, 25
TIMED_OUT = 0xFFFFFFFE  #: kCGEventTapDisabledByTimeout
NUMBERS = {
    "kCGEventLeftMouseDown": LEFT_DOWN, "kCGEventLeftMouseUp": LEFT_UP, "kCGEventRightMouseDown": RIGHT_DOWN,
    "kCGEventRightMouseUp": 4, "kCGEventMouseMoved": MOVED, "kCGEventLeftMouseDragged": 6,
    "kCGEventRightMouseDragged": 7, "kCGEventKeyDown": KEY_DOWN, "kCGEventKeyUp": KEY_UP,
    "kCGEventFlagsChanged": FLAGS, "NSSystemDefined": 14, "kCGEventScrollWheel": SCROLL,
    "kCGEventOtherMouseDown": OTHER_DOWN, "kCGEventOtherMouseUp": 26, "kCGEventOtherMouseDragged": 27,
    "kCGKeyboardEventKeycode": 9, "kCGScrollWheelEventDeltaAxis1": 11, "kCGScrollWheelEventDeltaAxis2": 12,
    "kCGEventSourceUnixProcessID": 41, "kCGEventFlagMaskShift": 0x20000, "kCGEventFlagMaskControl": 0x40000,
    "kCGEventFlagMaskAlternate": 0x80000, "kCGEventFlagMaskCommand": 0x100000, "kCFRunLoopRunTimedOut": 3,
}  # fmt: skip
library = ctypes.CDLL(sys.argv[1])
granted = True  #: False: CGEventTapCreate gives NULL, as without the permission
taps: list[Tap] = []


class Point(NamedTuple):
    x: float
    y: float


class Tap:
    """One event tap: enabled until macOS switches it off, which only its own callback is told."""

    def __init__(self, mask, callback):
        self.mask, self.callback, self.enabled, self.queue = mask, callback, True, queue.Queue()


class Module(types.ModuleType):
    """A module of PyObjC: numbers by their names, and functions that do nothing."""

    _other = itertools.count(1000)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = NUMBERS.get(name, next(self._other)) if name[0] in "kN" else lambda *_, **__: None
        setattr(self, name, value)
        return value


class AnyMethod:
    def __getattr__(self, name):
        return lambda *_: None


def stand_in() -> None:
    """Put the stand-ins where pynput imports from."""
    modules = {name: Module(name) for name in ("Quartz", "HIServices", "CoreFoundation", "objc", "AppKit")}
    quartz, of_thread = modules["Quartz"], threading.local()

    def create(_place, _where, _options, mask, callback, _own):
        if not granted:
            return None
        taps.append(Tap(mask, callback))
        return taps[-1]

    def run(_mode, _seconds, _once):
        try:
            kind, event = of_thread.tap.queue.get(timeout=0.02)
        except queue.Empty:
            return NUMBERS["kCFRunLoopRunTimedOut"]
        of_thread.tap.callback(None, kind, event, None)
        return NUMBERS["kCFRunLoopRunTimedOut"]

    quartz.CGEventTapCreate, quartz.CFRunLoopRunInMode = create, run
    quartz.CFRunLoopAddSource = lambda _loop, tap, _mode: setattr(of_thread, "tap", tap)
    quartz.CFMachPortCreateRunLoopSource = lambda _allocator, tap, _order: tap
    quartz.CGEventMaskBit = lambda kind: 1 << kind
    quartz.CGEventGetIntegerValueField = lambda event, field: (event or {}).get(field, 0)
    quartz.CGEventGetFlags = lambda event: (event or {}).get("flags", 0)
    quartz.CGEventGetType = lambda event: (event or {}).get("kind", 0)
    quartz.CGEventGetLocation = lambda _event: Point(1, 2)
    quartz.CGEventKeyboardGetUnicodeString = lambda *_: (1, "a")
    quartz.NSEvent = modules["AppKit"].NSEvent = AnyMethod()
    modules["HIServices"].AXIsProcessTrusted = lambda: granted
    sys.modules.update(modules)
    load = ctypes.cdll.LoadLibrary
    ctypes.util.find_library = lambda name: "fake" if name == "Carbon" else None
    ctypes.cdll.LoadLibrary = lambda name: library if name == "fake" else load(name)


def happen(kind, *, told=True, **event) -> None:
    """Let a device make an event. Taps that are on and want it are told, unless macOS tells nobody."""
    library.fake_event(kind)
    for tap in taps:
        if told and tap.enabled and tap.mask >> kind & 1:
            tap.queue.put((kind, {"kind": kind, **{NUMBERS.get(name, name): value for name, value in event.items()}}))


def key(code, *, times=1, **options) -> None:
    for _ in range(times):
        happen(KEY_DOWN, kCGKeyboardEventKeycode=code, **options)
    happen(KEY_UP, kCGKeyboardEventKeycode=code, **options)


def switch_off() -> None:
    """Do as macOS does with taps that were slow."""
    for tap in taps:
        tap.enabled = False
        tap.queue.put((TIMED_OUT, None))


stand_in()
os.environ["PYNPUT_BACKEND"] = "darwin"
sys.platform = "darwin"
import workdiary_pynput  # noqa: E402 - after the stand-ins
from workdiary.context import PluginContext  # noqa: E402
from workdiary.payloads import InputCounts, Tick  # noqa: E402
from workdiary_pynput import mac, session  # noqa: E402

mac.FRAMEWORKS = session.FRAMEWORKS = sys.argv[1]
mac.GRACE_S = 0.2


def answer():
    time.sleep(0.3)  # taps hand over, and an event that was not told is overdue
    found = workdiary_pynput.workdiary_count_input(Tick(wall_ms=0, mono_ms=0, slot=0))
    return [found.keys, found.clicks, found.scrolls] if isinstance(found, InputCounts) else found.reason


def start():
    context = PluginContext(
        name="pynput", config=None, log=logging.getLogger("x"), state_directory=Path(), wake=lambda: None
    )
    try:
        workdiary_pynput.workdiary_start(context)
    except Exception as error:
        return [type(error).__name__, error.message, error.remedy]
    return ""


def main(scenario):
    out = [start()]
    for step in scenario:
        exec(step)  # noqa: S102 - the test's own words
        out.append(answer())
    alive = [tap.mask for tap in taps]
    workdiary_pynput.workdiary_stop()
    return [*out, alive]


if __name__ == "__main__":
    if "refuse" in sys.argv[2:]:
        library.fake_listen(0)
    granted = "no-tap" not in sys.argv[2:]
    steps = [step for step in sys.argv[2:] if step not in {"refuse", "no-tap"}]
    print(json.dumps(main(steps)))
