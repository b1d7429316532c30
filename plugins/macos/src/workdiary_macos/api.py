"""What is asked of macOS, and no more. All logic is above, and runs on any system against a fake of this."""

from __future__ import annotations

import ctypes
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workdiary_macos.calls import FRAMEWORKS, Rect, load

if TYPE_CHECKING:
    from collections.abc import Iterator

UTF8, INT64 = 0x08000100, 4  #: kCFStringEncodingUTF8, kCFNumberSInt64Type
#: kCGEventSourceStateCombinedSessionState, and not that of the hardware, in which another user's typing is too;
#: kCGAnyInputEventType
SESSION, ANY_INPUT = 0, 0xFFFFFFFF
ON_SCREEN_BUT_DESKTOP = 1 | 16  #: kCGWindowListOptionOnScreenOnly, kCGWindowListExcludeDesktopElements
MOST_DISPLAYS = 32
LONGEST = 4096  #: bytes of a title


@dataclass(frozen=True, kw_only=True)
class OnScreen:
    """One window as the window server lists it."""

    number: int
    process: int
    app: str
    title: str | None  #: None: it is not told, as to a program without the permission
    layer: int  #: 0 for a program's usual windows
    place: tuple[int, int, int, int]  #: x, y, width, height in points


@dataclass(frozen=True, kw_only=True)
class LoginSession:
    """What the window server says of the session that this process belongs to."""

    on_console: bool
    locked: bool


class Mac:
    """macOS, as far as the plugin asks it."""

    def __init__(self, place: str = FRAMEWORKS) -> None:
        self._call = load(place)

    def may_record(self) -> bool:
        """Return whether this process has the permission Screen Recording; asks nobody."""
        return bool(self._call.CGPreflightScreenCaptureAccess())

    def count(self, kind: int) -> int:
        """Return how many events of a type came to this session since the window server began."""
        return int(self._call.CGEventSourceCounterForEventType(SESSION, kind))

    def is_secured(self) -> bool:
        """Return whether a program has asked for secure input, in which keys are told to nobody else."""
        return bool(self._call.IsSecureEventInputEnabled())

    def idle_ms(self) -> int:
        """Return the milliseconds since the last input that came to this session."""
        return int(self._call.CGEventSourceSecondsSinceLastEventType(SESSION, ANY_INPUT) * 1000)

    def session(self) -> LoginSession | None:
        """Return the session; None: this process has none, as one that was started over a network."""
        with self._owned(self._call.CGSessionCopyCurrentDictionary()) as told:
            if not told:
                return None
            return LoginSession(
                on_console=self._flag(told, "kCGSSessionOnConsoleKey"),
                locked=self._flag(told, "CGSSessionScreenIsLocked"),  # it is there only while it is locked
            )

    def windows(self) -> list[OnScreen]:
        """Return what is on the screen but the wallpaper, top first."""
        with self._owned(self._call.CGWindowListCopyWindowInfo(ON_SCREEN_BUT_DESKTOP, 0)) as told:
            count = self._call.CFArrayGetCount(told) if told else 0
            return [self._window(self._call.CFArrayGetValueAtIndex(told, index)) for index in range(count)]

    def displays(self) -> list[tuple[int, bool, tuple[int, int, int, int]]]:
        """Return of each display its number, whether it is the main one, and x, y, width and height in points."""
        numbers, count = (ctypes.c_uint32 * MOST_DISPLAYS)(), ctypes.c_uint32()
        if self._call.CGGetActiveDisplayList(MOST_DISPLAYS, numbers, ctypes.byref(count)):
            return []
        main = self._call.CGMainDisplayID()
        return [(one, one == main, _whole(self._call.CGDisplayBounds(one))) for one in numbers[: count.value]]

    def _window(self, told: int) -> OnScreen:
        rect = Rect()
        place = self._value(told, "kCGWindowBounds")
        if place:
            self._call.CGRectMakeWithDictionaryRepresentation(place, ctypes.byref(rect))
        return OnScreen(
            number=self._number(told, "kCGWindowNumber"),
            process=self._number(told, "kCGWindowOwnerPID"),
            app=self._text(told, "kCGWindowOwnerName") or "",
            title=self._text(told, "kCGWindowName"),
            layer=self._number(told, "kCGWindowLayer"),
            place=_whole(rect),
        )

    def _value(self, told: int, key: str) -> int | None:
        """Return what a dictionary has under *key*: it belongs to the dictionary."""
        with self._owned(self._call.CFStringCreateWithCString(None, key.encode(), UTF8)) as name:
            value: int | None = self._call.CFDictionaryGetValue(told, name)
            return value

    def _text(self, told: int, key: str) -> str | None:
        value, text = self._value(told, key), ctypes.create_string_buffer(LONGEST)
        if not value or not self._call.CFStringGetCString(value, text, LONGEST, UTF8):
            return None
        return text.value.decode("utf-8", "replace")

    def _number(self, told: int, key: str) -> int:
        value, number = self._value(told, key), ctypes.c_int64()
        if value:
            self._call.CFNumberGetValue(value, INT64, ctypes.byref(number))
        return number.value

    def _flag(self, told: int, key: str) -> bool:
        value = self._value(told, key)
        return bool(value) and bool(self._call.CFBooleanGetValue(value))

    @contextmanager
    def _owned(self, reference: Any) -> Iterator[Any]:
        """Release what a function with Copy or Create in its name returned."""
        try:
            yield reference
        finally:
            if reference:
                self._call.CFRelease(reference)


def _whole(rect: Rect) -> tuple[int, int, int, int]:
    return round(rect.x), round(rect.y), round(rect.width), round(rect.height)
