"""Which time is credited: the rules of time as a pure fold over clock readings.

Between two readings either all of the elapsed time is credited, or none of it and there is a gap with a reason. In
integers, sum(credits) + sum(gaps' elapsed) equals the elapsed time exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.intervals import union
from workdiary.slots import SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workdiary.clock import Reading

#: What the clocks may differ by before it counts as sleep or as a step: they are not read in one instant, and time
#: services slew.
TOLERANCE_MS = 2000

SUSPENDED = "the computer was asleep"
STALLED = "the tracker was held up"
STEPPED = "the clock was changed"
RESTARTED = "the tracker was not running"
ALREADY = "this time is already recorded"
PAUSED = "paused"
LOCKED = "the screen was locked"


@dataclass(frozen=True, slots=True)
class Credit:
    """Time that counts, named by the wall clock: ``[start, end)`` in ms."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Time that does not count. ``elapsed`` is measured; ``start`` and ``end`` are names and may run backwards."""

    start: int
    end: int
    elapsed: int
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """The wall clock stood at ``before`` and was moved to ``after``."""

    before: int
    after: int


class Timeline:
    """One session's time. ``advance`` at every tick."""

    def __init__(self, first: Reading, recorded: Callable[[int], Iterable[tuple[int, int]]] = lambda _slot: ()) -> None:
        """Begin at *first*; *recorded* gives the intervals in ms that this device has already logged in a slot."""
        self._recorded = recorded
        self._taken: dict[int, list[tuple[int, int]]] = {}
        self._anchor(first)

    def take_up(self, position: int, slept: int) -> None:
        """Go on where an earlier run's time line stood at the first reading."""
        self.position = position
        self._offset -= slept

    def _anchor(self, now: Reading) -> None:
        self.last = now
        self.position = now.wall
        self._offset = now.boot - now.mono

    def advance(self, now: Reading, longest_ms: int) -> list[Credit | Gap | Step]:
        """Return what became of the time since the last reading; *longest_ms* is how late a tick may be."""
        if now.boot_id != self.last.boot_id:
            return self.skip(now, RESTARTED)
        if self._slept(now) > TOLERANCE_MS:
            return self.skip(now, SUSPENDED)
        if self._step(now):
            return self.skip(now, STEPPED)
        elapsed = now.mono - self.last.mono
        if elapsed > longest_ms:
            return self.skip(now, STALLED)
        start, self.position = self.position, self.position + elapsed
        self.last = now
        return self._free(start, self.position)

    def skip(self, now: Reading, reason: str) -> list[Credit | Gap | Step]:
        """Return all of the time since the last reading as a gap, and go on from here.

        Sleep that was too short for a gap of its own is made up for in the next one: no millisecond is left over. A
        step comes first if the wall clock was moved meanwhile, whatever the gap's own reason is.
        """
        gap = Gap(start=self.position, end=now.wall, elapsed=self._elapsed(now), reason=reason)
        pieces: list[Credit | Gap | Step] = [*self._step(now), gap]
        self._anchor(now)
        return pieces

    def _elapsed(self, now: Reading) -> int:
        if now.boot_id == self.last.boot_id:
            return max(0, now.mono - self.last.mono + self._slept(now))
        return max(0, now.wall - self.last.wall)  # there is no other clock that both starts share

    def _step(self, now: Reading) -> list[Step]:
        """Return the step, if the wall clock shows another time than the one that is due by the other clocks."""
        due = self.position + self._elapsed(now)
        return [Step(before=due, after=now.wall)] if abs(now.wall - due) > TOLERANCE_MS else []

    @property
    def slept(self) -> int:
        """The sleep since the last gap up to the last reading, in ms."""
        return self._slept(self.last)

    def _slept(self, now: Reading) -> int:
        return now.boot - now.mono - self._offset

    def _free(self, start: int, end: int) -> list[Credit | Gap | Step]:
        """Credit ``[start, end)``, cut at slots, less what this device has recorded there before."""
        pieces: list[Credit | Gap | Step] = []
        while start < end:
            stop = min(end, (start // SLOT_MS + 1) * SLOT_MS)
            pieces += self._take(start, stop)
            start = stop
        return pieces

    def forget(self) -> None:
        """What is recorded was changed: ask again."""
        self._taken = {}

    def _take(self, start: int, end: int) -> list[Credit | Gap | Step]:
        slot = start // SLOT_MS
        if slot not in self._taken:
            self._taken = {slot: sorted(self._recorded(slot))}  # only the slot at hand is kept
        taken = self._taken[slot]
        pieces: list[Credit | Gap | Step] = []
        for left, right in taken:
            if right <= start or left >= end:
                continue
            if start < left:
                pieces.append(Credit(start, left))
            pieces.append(Gap(max(left, start), min(right, end), min(right, end) - max(left, start), ALREADY))
            start = right
        if start < end:
            pieces.append(Credit(start, end))
        self._taken[slot] = union([*taken, *((one.start, one.end) for one in pieces if isinstance(one, Credit))])
        return pieces
