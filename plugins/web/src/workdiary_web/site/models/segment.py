"""Everything that the page of a segment says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.diary.terms import in_force
from workdiary.slots import lock_ms, slot_start_ms, week_name
from workdiary_web.site.models.chart import Chart, chart
from workdiary_web.site.models.meter import Meter, meter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workdiary.diary.model import Segment, Since, Week


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One protection rule that is not met: what, and how to mend it."""

    what: str
    mend: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """A plugin, what it told of the segment, and of which time (ms since 1970)."""

    plugin: str
    fields: tuple[str, ...]
    start_ms: int
    end_ms: int


@dataclass(frozen=True, kw_only=True)
class SegmentPage:
    """One segment, with its neighbours."""

    segment: Segment
    before: str  #: id of the segment before it; empty if it is the first of its week
    after: str
    chart: Chart | None
    meter: Meter | None
    sources: tuple[Source, ...]
    failures: tuple[Failure, ...]
    judged: str  #: which rules have judged and billed it
    spans: tuple[tuple[int, int], ...]  #: when it was tracked, ms since 1970
    moments: tuple[int, ...]  #: when the derived snapshot moments were, ms since 1970
    locks_ms: int
    locked: bool
    billed_in: str  #: the week, where it is not the segment's own
    week: str
    keep_time: bool  #: its image may be removed without its time
    delivered: Mapping[str, str]


def segment_page(
    segment: Segment, week: Week, history: Sequence[Since], delivered: Mapping[str, str], wall_ms: int
) -> SegmentPage:
    """Return the page of a segment in its week."""
    ids = [one.id for one in week.segments]
    place = ids.index(segment.id)
    terms = in_force(history, segment.start_ms)
    locks = lock_ms(segment.billed_week)
    return SegmentPage(
        segment=segment,
        before=ids[place - 1] if place else "",
        after=ids[place + 1] if place + 1 < len(ids) else "",
        chart=chart(segment) if segment.source == "tracked" and segment.minutes else None,
        meter=meter(segment),
        sources=tuple(_sources(segment)),
        failures=tuple(failure(text) for text in segment.fails),
        judged=f"{terms.protection} protection, {terms.billing} billing" if terms else "",
        spans=tuple((segment.start_ms + start, segment.start_ms + end) for start, end in segment.intervals),
        moments=tuple(slot_start_ms(segment.slot) + one.at * 1000 for one in segment.moments),
        locks_ms=locks,
        locked=wall_ms >= locks,
        billed_in=week_name(segment.billed_week) if segment.late else "",
        week=week_name(week.number),
        keep_time=bool(terms and terms.keep_time),
        delivered=delivered,
    )


def _sources(segment: Segment) -> Iterator[Source]:
    spans = [(plugin, field, start, end) for field, told in segment.sources.items() for plugin, start, end in told]
    for plugin in dict.fromkeys(one[0] for one in spans):
        own = [one for one in spans if one[0] == plugin]
        yield Source(
            plugin=plugin,
            fields=tuple(dict.fromkeys(field for _, field, _, _ in own)),
            start_ms=segment.start_ms + min(start for *_, start, _ in own),
            end_ms=segment.start_ms + max(end for *_, end in own),
        )


def failure(text: str) -> Failure:
    """Return a rule's sentence in its two halves, ``no memo: add one before the week locks``."""
    what, colon, mend = text.rpartition(": ")
    return Failure(what=what if colon else text, mend=mend if colon else "")
