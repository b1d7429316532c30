"""Is an answer what the contract promises? Each function returns what is wrong with it, or an empty string."""

from __future__ import annotations

from typing import Any

from workdiary.payloads import (
    Decision,
    Frame,
    InputCounts,
    Lane,
    Monitor,
    Presence,
    Rect,
    ScreenMap,
    Shown,
    Snapshot,
    Span,
    Unknown,
    Verdict,
    VisibleWindow,
    Window,
)


def counts(value: Any) -> str:
    """Check the answer of ``count_input``."""
    if type(value) is not InputCounts:
        return _not(InputCounts, value)
    fine = _odometer(value.keys) and _odometer(value.clicks) and _odometer(value.scrolls) and type(value.since) is str
    return "" if fine else "InputCounts holds something that is no count"


def presence(value: Any) -> str:
    """Check the answer of ``presence``."""
    if type(value) is not Presence:
        return _not(Presence, value)
    locked = type(value.locked) is bool or _unknown(value.locked)
    fine = _odometer(value.active_ms) and _odometer(value.idle_ms) and locked and type(value.since) is str
    return "" if fine else "Presence holds something that is no reading"


def window(value: Any) -> str:
    """Check the answer of ``capture_window``."""
    if type(value) is not Window:
        return _not(Window, value)
    fine = type(value.app) is str and type(value.title) is str and type(value.handle) is str
    return "" if fine else "Window holds something that is no text"


def decision(value: Any) -> str:
    """Check the answer of ``decide_snapshot``."""
    if type(value) is not Decision:
        return _not(Decision, value)
    return "" if type(value.verdict) is Verdict and type(value.reason) is str else "Decision holds no verdict"


def screen_map(value: Any) -> str:
    """Check the answer of ``survey_screen``."""
    if type(value) is not ScreenMap:
        return _not(ScreenMap, value)
    if type(value.monitors) is not tuple or type(value.windows) is not tuple:
        return "ScreenMap does not hold tuples"
    monitors = all(type(item) is Monitor and _rectangle(item.rect) for item in value.monitors)
    windows = all(type(item) is VisibleWindow and _rectangle(item.rect) for item in value.windows)
    return "" if monitors and windows else "ScreenMap holds something without a rectangle"


def frames(value: Any) -> str:
    """Check the answer of ``grab_screen``."""
    if type(value) is not tuple or not all(type(frame) is Frame for frame in value):
        return "expected a tuple of Frame"
    if not value:
        return "no frame at all"
    for frame in value:
        if not (_rectangle(frame.rect) and _positive(frame.width) and _positive(frame.height)):
            return "Frame without a size"
        if type(frame.pixels) is not bytes or len(frame.pixels) != frame.width * frame.height * 4:
            return "Frame whose pixels do not fill it"
    return ""


def redacted(before: Snapshot, after: Any) -> str:
    """Check the answer of ``redact`` to *before*: nothing but pixels and texts may differ."""
    if type(after) is not Snapshot:
        return _not(Snapshot, after)
    if not _unknown(after.window) and window(after.window):
        return window(after.window)
    if not all(_unknown(item) or type(item) is ScreenMap for item in (after.before, after.after)):
        return "a map that is no ScreenMap"
    if after.frames and frames(after.frames):
        return frames(after.frames)
    sizes = [(frame.rect, frame.width, frame.height) for frame in before.frames]
    if [(frame.rect, frame.width, frame.height) for frame in after.frames] != sizes:
        return "another number or size of frames"
    return "" if after.occasion == before.occasion else "another occasion"


def shown(value: Any) -> str:
    """Check the answer of ``notify``."""
    return "" if type(value) is Shown else _not(Shown, value)


def lanes(value: Any) -> str:
    """Check the answer of ``lanes``."""
    for lane in value:
        if type(lane) is not Lane:
            return _not(Lane, lane)
        if type(lane.spans) is not tuple or not all(_span(one) for one in lane.spans):
            return "Lane holds something that is no Span with a beginning before its end"
    return ""


def why_empty(value: Any) -> str:
    """Return why a reading holds no measurement in any field; empty when it holds one."""
    if type(value) is Unknown:
        return value.reason if _unknown(value) else ""
    if type(value) is InputCounts:
        fields = (value.keys, value.clicks, value.scrolls)
    elif type(value) is Presence:
        fields = (value.active_ms, value.idle_ms, value.locked)
    else:
        return ""
    reasons = [part.reason for part in fields if isinstance(part, Unknown) and _unknown(part)]
    return reasons[0] if len(reasons) == len(fields) else ""


def _unknown(value: Any) -> bool:
    return type(value) is Unknown and type(value.reason) is str


def _odometer(value: Any) -> bool:
    return value >= 0 if type(value) is int else _unknown(value)


def _positive(value: Any) -> bool:
    return type(value) is int and value > 0


def _span(value: Any) -> bool:
    if type(value) is not Span or type(value.text) is not str:
        return False
    return type(value.start_ms) is int and type(value.end_ms) is int and value.start_ms < value.end_ms


def _rectangle(value: Any) -> bool:
    return type(value) is Rect and all(type(side) is int for side in (value.x, value.y, value.width, value.height))


def _not(expected: type, value: Any) -> str:
    return f"expected {expected.__name__}, got {type(value).__name__}"
