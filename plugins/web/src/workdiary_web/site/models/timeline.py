"""The timeline of a day: lanes of windows, activity, sessions and gaps, and what plugins add."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary_web.site.models.cards import state_of
from workdiary_web.site.models.openseg import is_sealed
from workdiary_web.site.models.words import short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from workdiary.diary.model import GapView, Segment
    from workdiary.payloads import Lane, Span
    from workdiary_web.site.models.zones import Clock

HOUR_MS = 3_600_000
WIDTH = 1200  #: of the drawing, in its own units
HEAD, LANE, BAR = 20, 58, 30
LOOKS = 6  #: fills that windows are told apart by, besides their names
MOST_SPANS = 600
LEAST_LETTERS = 6


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One span as it is drawn, and as a line of the table."""

    start_ms: int
    end_ms: int
    text: str
    look: str  #: the class of its fill
    href: str = ""  #: the segment that it comes from
    height: int = BAR
    x: int = 0
    width: int = 0

    @property
    def drop(self) -> int:
        """How far below the top of its lane's bars it begins."""
        return BAR - self.height

    @property
    def label(self) -> str:
        """What fits into it, at about seven units a letter."""
        fits = self.width // 7
        return short(self.text, fits) if fits >= LEAST_LETTERS and not self.look.startswith("act") else ""


@dataclass(frozen=True, kw_only=True)
class DrawnLane:
    """One row."""

    name: str
    y: int
    pieces: tuple[Piece, ...]
    left_out: int  #: spans beyond what a page can show


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The drawing of a day."""

    start_ms: int
    end_ms: int
    height: int
    hours: tuple[tuple[int, str], ...]  #: x and label
    lanes: tuple[DrawnLane, ...]


def timeline(
    segments: Sequence[Segment], gaps: Sequence[GapView], extra: Sequence[Lane], clock: Clock, day: tuple[int, int]
) -> Timeline | None:
    """Return the timeline of a day, from the first to the last full hour with something in it; None if empty.

    :param day: when it begins and ends, ms since 1970.
    """
    kept = [one for one in segments if not one.deleted]
    rows: list[tuple[str, list[Piece]]] = [
        ("Window", _joined(_windows(kept))),
        ("Activity", list(_activity(kept))),
        ("Sessions", _joined(_sessions(kept))),
        ("Gaps", [Piece(start_ms=g.start_ms, end_ms=g.end_ms, text=g.reason, look="gap") for g in gaps]),
        *((lane.name, [_foreign(one) for one in lane.spans]) for lane in extra),
    ]
    rows = [(name, [one for one in pieces if one.start_ms < day[1] and one.end_ms > day[0]]) for name, pieces in rows]
    every = [one for _, pieces in rows for one in pieces]
    if not every:
        return None
    start = max(day[0], _full_hour(min(one.start_ms for one in every), clock))
    end = min(day[1], _full_hour(max(one.end_ms for one in every) + HOUR_MS - 1, clock))
    end = max(end, start + HOUR_MS)

    def place(one: Piece) -> Piece:
        left = (max(one.start_ms, start) - start) * WIDTH // (end - start)
        right = (min(one.end_ms, end) - start) * WIDTH // (end - start)
        return Piece(**{**vars(one), "x": left, "width": max(1, right - left)})

    lanes = _drawn(rows, place)
    return Timeline(
        start_ms=start,
        end_ms=end,
        height=HEAD + LANE * len(lanes),
        hours=tuple(_hours(start, end, clock)),
        lanes=lanes,
    )


def _drawn(rows: Sequence[tuple[str, list[Piece]]], place: Callable[[Piece], Piece]) -> tuple[DrawnLane, ...]:
    return tuple(
        DrawnLane(
            name=name,
            y=HEAD + LANE * index,
            pieces=tuple(place(one) for one in pieces[:MOST_SPANS]),
            left_out=max(0, len(pieces) - MOST_SPANS),
        )
        for index, (name, pieces) in enumerate(rows)
    )


def _hours(start: int, end: int, clock: Clock) -> Iterable[tuple[int, str]]:
    step = HOUR_MS * (1 + (end - start) // (14 * HOUR_MS))
    for wall_ms in range(start, end, step):
        yield (wall_ms - start) * WIDTH // (end - start), clock.time(wall_ms)


def _full_hour(wall_ms: int, clock: Clock) -> int:
    """Return the beginning of the hour on the viewer's clock."""
    local = clock.at(wall_ms)
    return wall_ms - ((local.minute * 60 + local.second) * 1000 + local.microsecond // 1000)


def _windows(segments: Sequence[Segment]) -> Iterable[Piece]:
    names = sorted({one.window[0] for one in segments if one.window})
    for one in segments:
        if one.source == "manual":
            text, look = "manual time", "manual"
        elif one.window is None:
            text, look = "unknown", "unknown"
        else:
            text = one.window[0] or "no active window"
            look = f"look-{names.index(one.window[0]) % LOOKS}"
        for start, end in one.intervals:
            yield Piece(start_ms=one.start_ms + start, end_ms=one.start_ms + end, text=text, look=look, href=_page(one))


def _sessions(segments: Sequence[Segment]) -> Iterable[Piece]:
    for one in segments:
        text = f"{one.contract}: {one.memo}" if one.memo else one.contract
        state = state_of(one)
        if state == "held":
            text = f"held back, {text}"
        look = state if state == "held" else one.source
        for start, end in one.intervals:
            yield Piece(start_ms=one.start_ms + start, end_ms=one.start_ms + end, text=text, look=look, href=_page(one))


def _activity(segments: Sequence[Segment]) -> Iterable[Piece]:
    """Return how active each segment was; the single minutes are on its own page."""
    for one in segments:
        if one.source != "tracked" or not one.intervals:
            continue
        start, end = one.start_ms + one.intervals[0][0], one.start_ms + one.intervals[-1][1]
        if one.activity is None:
            yield Piece(start_ms=start, end_ms=end, text="unknown", look="act-unknown", href=_page(one))
            continue
        text = f"active in {one.activity} of {one.judged_minutes} minutes"
        level = one.activity * BAR // max(1, one.judged_minutes)
        yield Piece(start_ms=start, end_ms=end, text=text, look="act", href=_page(one), height=max(2, level))


def _page(segment: Segment) -> str:
    """Return the segment that has a page; what is not sealed has none."""
    return segment.id if is_sealed(segment) else ""


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Join neighbours that say the same; a link leads to the first of them."""
    found: list[Piece] = []
    for one in sorted(pieces, key=lambda piece: (piece.start_ms, piece.text)):
        before = found[-1] if found else None
        if before and before.end_ms == one.start_ms and (before.text, before.look) == (one.text, one.look):
            found[-1] = Piece(**{**vars(before), "end_ms": one.end_ms})
        else:
            found.append(one)
    return found


def _foreign(span: Span) -> Piece:
    return Piece(start_ms=span.start_ms, end_ms=span.end_ms, text=short(span.text), look="foreign")
