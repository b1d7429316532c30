"""The functions of macOS that are called, with their signatures."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace
from typing import Any

from workdiary.errors import NotHereError

FRAMEWORKS = "/System/Library/Frameworks/{name}.framework/{name}"
_R = ctypes.c_void_p  #: a reference to an object of Core Foundation


class Rect(ctypes.Structure):
    """CGRect: origin and size."""

    _fields_ = tuple((name, ctypes.c_double) for name in ("x", "y", "width", "height"))


SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "CoreFoundation.CFRelease": (None, (_R,)),
    "CoreFoundation.CFArrayGetCount": (ctypes.c_long, (_R,)),
    "CoreFoundation.CFArrayGetValueAtIndex": (_R, (_R, ctypes.c_long)),
    "CoreFoundation.CFDictionaryGetValue": (_R, (_R, _R)),
    "CoreFoundation.CFStringCreateWithCString": (_R, (_R, ctypes.c_char_p, ctypes.c_uint32)),
    "CoreFoundation.CFStringGetCString": (ctypes.c_bool, (_R, ctypes.c_char_p, ctypes.c_long, ctypes.c_uint32)),
    "CoreFoundation.CFNumberGetValue": (ctypes.c_bool, (_R, ctypes.c_long, _R)),
    "CoreFoundation.CFBooleanGetValue": (ctypes.c_bool, (_R,)),
    "CoreGraphics.CGPreflightScreenCaptureAccess": (ctypes.c_bool, ()),
    "CoreGraphics.CGEventSourceSecondsSinceLastEventType": (ctypes.c_double, (ctypes.c_int32, ctypes.c_uint32)),
    "CoreGraphics.CGEventSourceCounterForEventType": (ctypes.c_uint32, (ctypes.c_int32, ctypes.c_uint32)),
    "Carbon.IsSecureEventInputEnabled": (ctypes.c_bool, ()),
    "CoreGraphics.CGSessionCopyCurrentDictionary": (_R, ()),
    "CoreGraphics.CGWindowListCopyWindowInfo": (_R, (ctypes.c_uint32, ctypes.c_uint32)),
    "CoreGraphics.CGRectMakeWithDictionaryRepresentation": (ctypes.c_bool, (_R, ctypes.POINTER(Rect))),
    "CoreGraphics.CGGetActiveDisplayList": (
        ctypes.c_int32,
        (ctypes.c_uint32, ctypes.POINTER(ctypes.c_uint32), ctypes.POINTER(ctypes.c_uint32)),
    ),
    "CoreGraphics.CGDisplayBounds": (Rect, (ctypes.c_uint32,)),
    "CoreGraphics.CGMainDisplayID": (ctypes.c_uint32, ()),
}


def load(place: str = FRAMEWORKS) -> Any:
    """Return the functions by their names.

    :param place: where a framework's library lies; tests have one of their own.
    :raises NotHereError: a function is missing, as on a macOS before 10.15.
    """
    found = SimpleNamespace()
    for name, (result, arguments) in SIGNATURES.items():
        framework, _, function = name.partition(".")
        try:
            call = getattr(ctypes.CDLL(place.format(name=framework)), function)
        except (OSError, AttributeError):
            raise NotHereError(f"this macOS has no {function}") from None
        call.restype, call.argtypes = result, arguments
        setattr(found, function, call)
    return found
