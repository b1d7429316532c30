"""The values that cross the border between core and plugins.

All are frozen and keyword-only; whatever is added later has a default. Times are integers: ``*_ms`` are
milliseconds, ``wall_ms`` since 1970 UTC, ``mono_ms`` on a clock that stops while the machine sleeps.
A field that may be ``Unknown`` is never given as zero instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """There is no measurement, and why. ``reason`` is one short sentence without personal content."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Tick:
    """One sampling instant."""

    wall_ms: int
    mono_ms: int
    slot: int  #: wall_ms // 600_000


@dataclass(frozen=True, kw_only=True)
class InputCounts:
    """Odometers of one input meter: totals since it began, never falling within one ``since``.

    A press of any key is one keystroke (auto-repeat is not); presses of buttons 1 to 3 and 8 up are clicks; one wheel
    step (buttons 4 to 7) is one scroll. Core takes differences, so a reading that came too late loses nothing.
    """

    since: str  #: names this counting run; a new value means that events in between may have been missed
    keys: int | Unknown
    clicks: int | Unknown
    scrolls: int | Unknown


@dataclass(frozen=True, kw_only=True)
class Window:
    """The active window. Both empty: the desktop says that nothing has the focus."""

    app: str
    title: str
    handle: str = ""  #: the backend's own name for the window; equal to a ``VisibleWindow.handle``


@dataclass(frozen=True, kw_only=True)
class Presence:
    """Is someone there? Every field may be unknown by itself."""

    since: str  #: names this counting run, as in InputCounts
    active_ms: int | Unknown  #: odometer of milliseconds in which the desktop's idle timer stood below one second
    idle_ms: int | Unknown  #: since the last input of any kind
    locked: bool | Unknown


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One ten-minute slot as a policy sees it when tracking begins in it."""

    number: int
    from_offset: int  #: seconds into the slot at which tracking began, 0..599
    derived_offset: int  #: the moment that was derived, from_offset..599
    contract: str


class Cause(Enum):
    """Why a snapshot is due."""

    DERIVED = "derived"  #: the slot's own moment
    POLICY = "policy"  #: a moment that a policy plugin added
    PREVIEW = "preview"  #: the user looks at what would be recorded; nothing is kept


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """One snapshot about to be taken."""

    cause: Cause
    wall_ms: int
    contract: str
    monitors: str = "active"  #: "active": the monitor that has the active window; "all"


class Verdict(Enum):
    """What a snapshot policy says. DENY of one beats TAKE of all others."""

    TAKE = "take"
    DENY = "deny"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A policy's answer for one occasion."""

    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Rect:
    """A rectangle in the desktop's pixels; x and y may be negative."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Monitor:
    """One monitor as the desktop names it."""

    name: str
    rect: Rect
    primary: bool = False


@dataclass(frozen=True, kw_only=True)
class VisibleWindow:
    """One mapped window with its frame, for privacy filters. Never stored."""

    app: str
    title: str
    rect: Rect
    handle: str = ""


@dataclass(frozen=True, kw_only=True)
class ScreenMap:
    """What is where on the screen at one instant, top window first. Never stored."""

    monitors: tuple[Monitor, ...]
    windows: tuple[VisibleWindow, ...]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The pixels of one monitor: ``width * height * 4`` bytes, rows from the top, B G R X."""

    rect: Rect  #: where on the desktop; its size differs from width and height on a scaled monitor
    width: int
    height: int
    pixels: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What the privacy filters see and pass on. Nothing of it was written anywhere yet."""

    occasion: Occasion
    window: Window | Unknown
    frames: tuple[Frame, ...] = ()  #: empty where no image is taken; titles still pass through the filters
    before: ScreenMap | Unknown = field(default_factory=lambda: Unknown(reason="no screen map"))
    after: ScreenMap | Unknown = field(default_factory=lambda: Unknown(reason="no screen map"))


class EventKind(Enum):
    """What an observer may be told."""

    STARTED = "started"
    STOPPED = "stopped"
    PAUSED = "paused"
    RESUMED = "resumed"
    SNAPSHOT_TAKEN = "snapshot-taken"
    SNAPSHOT_MISSED = "snapshot-missed"
    SEGMENT_SEALED = "segment-sealed"
    PLUGIN_CHANGED = "plugin-changed"
    LIMIT_NEAR = "limit-near"
    LIMIT_REACHED = "limit-reached"
    STORAGE_TROUBLE = "storage-trouble"
    MEMO_CHANGED = "memo-changed"
    DIARY_CHANGED = "diary-changed"
    MEMO_MISSING = "memo-missing"
    WEEK_LOCKS = "week-locks"
    IDLE_ASKED = "idle-asked"  #: nobody touched anything for as long as the contract says; and when somebody is back
    IDLE_ANSWERED = "idle-answered"


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. ``text`` is for people and holds no window title."""

    kind: EventKind
    wall_ms: int
    contract: str = ""
    text: str = ""


class NoticeKind(Enum):
    """What a notice tells."""

    SNAPSHOT = "snapshot"  #: a picture was taken; what came of its notice is recorded
    SNAPSHOT_MISSED = "snapshot-missed"
    LIMIT = "limit"
    STORAGE_TROUBLE = "storage-trouble"
    PLUGIN_CHANGED = "plugin-changed"
    MEMO_MISSING = "memo-missing"
    WEEK_LOCKS = "week-locks"
    NOT_TRACKING = "not-tracking"
    IDLE = "idle"  #: a question that waits for an answer: it stays on the screen until there is one


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A small picture after redaction: ``width * height * 3`` bytes, rows from the top, R G B. Never stored."""

    width: int
    height: int
    pixels: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button of a notice: what ``PluginContext.ask`` is to be asked, from a thread of the plugin's own."""

    label: str
    command: str = ""  #: empty: the notice is closed, and nothing else
    arguments: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something that the user must see now. ``title`` and ``text`` hold no window title."""

    kind: NoticeKind
    wall_ms: int
    title: str
    contract: str = ""
    text: str = ""
    actions: tuple[Action, ...] = ()
    preview: Preview | None = None
    stay_ms: int = 0  #: how long it shall stay at least, if nobody closes it


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The notice is on the screen."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """A stretch of time that is looked at: half-open, ms since 1970."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, kw_only=True)
class Span:
    """Something on a lane: when it was (ms since 1970), and what, in one short line. Shown, never stored."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One row of the timeline."""

    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line of ``workdiary doctor`` from a plugin."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
