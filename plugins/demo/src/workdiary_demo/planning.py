"""A freelancer's weeks as plans: who is worked for, from when to when, and what happens meanwhile."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workdiary.slots import SLOT_MS, SLOTS_PER_DAY, slot_start_ms, week_slots
from workdiary_demo.cast import CLIENTS

if TYPE_CHECKING:
    from workdiary_demo.cast import Client

MINUTE = 60_000
HOUR = 3_600_000
DAY = 86_400_000


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something within a stretch. *kind*: memo, pause, lock, sleep, stall, restart, step."""

    at: int
    kind: str
    ms: int = 0
    memo: str = ""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """One session on one contract; all times in ms since 1970."""

    start: int
    end: int
    client: Client
    memo: str
    happenings: tuple[Happening, ...] = ()
    laziness: float = 0.06
    wayland: bool = False
    power_cut_until: int = 0  #: it does not end in order: the computer comes back then


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the freelancer does to the diary at *at*. *kind*: add, edit, delete, bare, memo, manual."""

    at: int
    kind: str
    client: Client
    terms: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Span:
    """The whole time of a demo: its full weeks, then the present one up to *now*."""

    first: int  #: number of the first week
    weeks: int  #: how many full ones
    now: int
    hours: float
    seed: str

    def at(self, part: float) -> int:
        """Return 06:20 of the day at *part* of the full weeks."""
        start = slot_start_ms(week_slots(self.first).start)
        return start + int(part * self.weeks * 7) * DAY + 6 * HOUR + 20 * MINUTE


Event = Stretch | Change


def plan_week(span: Span, index: int) -> list[Event]:
    """Return the events of week *index* of the demo in order of time, nothing of which lies in the future."""
    return _Week(span, index).events()


class _Week:
    def __init__(self, span: Span, index: int) -> None:
        self._span = span
        self._index = index
        self._rng = random.Random(f"{span.seed}/{span.first + index}")
        self._monday = slot_start_ms(week_slots(span.first + index).start)
        self._hard = index == span.weeks - 1  #: low activity, no memos, over the limit
        self._crash = index == max(0, span.weeks - 3)
        self._done: dict[str, int] = {}
        self._memos: dict[str, str] = {}

    def events(self) -> list[Event]:
        rng = self._rng
        found: list[Event] = list(self._terms())
        hours = self._span.hours * (1.15 if self._hard else rng.uniform(0.96, 1.06))
        evening = rng.randrange(1, 4) if self._hard or rng.random() < 0.4 else -1
        per_day = [rng.uniform(0.9, 1.1) for _ in range(5)]
        for day in range(5):
            ms = int(hours * HOUR * per_day[day] / sum(per_day))
            found += self._day(self._monday + day * DAY, ms, evening=day == evening)
        found.sort(key=lambda one: one.at if isinstance(one, Change) else one.start)
        if self._crash:
            self._cut_power(found)
        return [cut for one in found if (cut := _up_to(one, self._span.now)) is not None]

    def _terms(self) -> list[Change]:
        """Return what changes between client and freelancer this week."""
        span, week = self._span, range(self._monday, self._monday + 7 * DAY)
        found = []
        for client in CLIENTS:
            limit = None if client.limit is None else int(client.limit * span.hours) * 3600
            if span.at(client.begins) in week:
                found.append(
                    Change(
                        at=span.at(client.begins),
                        kind="add",
                        client=client,
                        terms={**client.terms, "weekly_limit": limit},
                    )
                )
            if span.at(client.raise_at) in week:
                found.append(
                    Change(at=span.at(client.raise_at), kind="edit", client=client, terms={"rate": client.raise_to})
                )
            if span.at(client.ends) in week:
                found.append(
                    Change(at=span.at(client.ends), kind="edit", client=client, terms={"status": client.end_status})
                )
        return found

    def _day(self, midnight: int, ms: int, *, evening: bool) -> list[Event]:
        rng = self._rng
        late = min(ms // 4, int(1.5 * HOUR)) if evening else 0
        at = midnight + 7 * HOUR + rng.randrange(10, 80) * MINUTE + rng.randrange(MINUTE)
        if self._index and midnight == self._monday and self._index - 1 == max(0, self._span.weeks - 3):
            at = (
                midnight + 13 * HOUR + 20 * MINUTE
            )  # the computer that had no power on Friday comes back after the lock
        found: list[Event] = []
        rest, ate = ms - late, False
        while rest > 5 * MINUTE:
            length = min(rest, rng.randrange(95, 185) * MINUTE)
            if rest - length < 25 * MINUTE:
                length = rest
            stretch = self._stretch(at, length)
            found.append(stretch)
            rest -= length
            at = stretch.end + rng.randrange(4, 14) * MINUTE + rng.randrange(MINUTE)
            if not ate and at - midnight > 10 * HOUR + 40 * MINUTE:
                at, ate = at + rng.randrange(35, 55) * MINUTE, True
        if late:
            start = max(at + 30 * MINUTE, midnight + 18 * HOUR + rng.randrange(50) * MINUTE)
            stretch = replace(self._stretch(start, late), wayland=True)
            found.append(replace(stretch, happenings=tuple(one for one in stretch.happenings if one.kind == "memo")))
            at = stretch.end + 5 * MINUTE
        return [*found, *self._afterthoughts(at)]

    def _stretch(self, start: int, work: int) -> Stretch:
        """Return a session of *work* ms of time that counts; breaks come on top."""
        rng = self._rng
        client = self._choose(start, work)
        lazy = self._hard and client.name == "meridian"
        memo = "" if lazy and rng.random() < 0.6 else self._memo(client)
        happenings: list[Happening] = []
        at = start
        breaks = 0
        for _ in range(work // (55 * MINUTE)):
            at += rng.randrange(28, 52) * MINUTE + rng.randrange(MINUTE)
            kind = rng.choices(
                ("pause", "lock", "sleep", "memo", "stall", "restart", "step", ""), (34, 24, 5, 28, 2, 4, 1, 12)
            )[0]
            if kind == "memo" and memo:
                happenings.append(Happening(at=at, kind=kind, memo=self._memo(client)))
            elif kind in _LENGTHS:
                ms = int(rng.uniform(*_LENGTHS[kind]) * 1000)
                happenings.append(Happening(at=at, kind=kind, ms=ms))
                at += ms
                breaks += ms
        return Stretch(
            start=start,
            end=start + work + breaks,
            client=client,
            memo=memo,
            happenings=tuple(happenings),
            laziness=0.78 if lazy else rng.uniform(0.02, 0.12),
        )

    def _choose(self, start: int, work: int) -> Client:
        """Return the client to whom the most is owed of what is due by now, the first one takes what is left."""
        span = self._span
        for client in CLIENTS[1:]:
            share = client.share * (1.3 if client.limit and (self._hard or self._index % 3 == 1) else 1.0)
            due = share * span.hours * HOUR * (start - self._monday) / (5 * DAY)
            open_now = span.at(client.begins) <= start < span.at(client.ends)
            if share and open_now and due - self._done.get(client.name, 0) > work / 2:
                self._done[client.name] = self._done.get(client.name, 0) + work
                return client
        return CLIENTS[0]

    def _memo(self, client: Client) -> str:
        """Return the memo of now: usually another one than before."""
        others = [memo for memo in client.memos if memo != self._memos.get(client.name)]
        self._memos[client.name] = self._rng.choice(others)
        return self._memos[client.name]

    def _afterthoughts(self, at: int) -> list[Change]:
        """Return what is mended in the evening."""
        found = []
        for kind, percent in (("memo", 35), ("manual", 28), ("delete", 22), ("bare", 22)):
            if self._rng.randrange(100) < percent:
                at += self._rng.randrange(20, 90) * 1000
                found.append(Change(at=at + 20 * MINUTE, kind=kind, client=CLIENTS[0]))
        return found

    def _cut_power(self, found: list[Event]) -> None:
        """Let the week's last session on Friday end without a stop, and be found again after the lock."""
        back = self._monday + 7 * DAY + 13 * HOUR + 4 * MINUTE
        last = max(at for at, one in enumerate(found) if isinstance(one, Stretch))
        stretch = found[last]
        if back < self._span.now and isinstance(stretch, Stretch):
            found[last] = replace(stretch, power_cut_until=back)
            del found[last + 1 :]


#: How long each kind of break takes, in seconds.
_LENGTHS = {
    "pause": (240, 1100),
    "lock": (150, 900),
    "sleep": (400, 2400),
    "stall": (30, 120),
    "restart": (6, 45),
    "step": (20, 60),
}


def _up_to(event: Event, now: int) -> Event | None:
    """Return the event as far as it is over at *now*; None if it is not even begun."""
    if isinstance(event, Change):
        return event if event.at + 2 * SLOT_MS < now else None
    if event.start + 3 * MINUTE > now:
        return None
    if event.end + MINUTE < now:
        return event
    end = now - MINUTE
    return replace(event, end=end, happenings=tuple(one for one in event.happenings if one.at + one.ms + MINUTE < end))


__all__ = ["SLOTS_PER_DAY", "Change", "Event", "Happening", "Span", "Stretch", "plan_week"]
