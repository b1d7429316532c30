"""Asks the sources, once per tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.payloads import Tick, Unknown
from workdiary.plugins.answer import Answer
from workdiary.record.recorder import Sample
from workdiary.slots import slot_of
from workdiary.tracker.told import Told

if TYPE_CHECKING:
    from workdiary.clock import Reading
    from workdiary.plugins.manager import Plugins

COUNTS = ("keys", "clicks", "scrolls")


class Sampler:
    """Turns the sources' answers into a sample; remembers what they said for status and doctor."""

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins
        self._totals: tuple[tuple[tuple[str, str], int | Unknown], ...] = ()
        self._taken = 0  # monotonic ms
        self.told = Told()
        self.locked: bool | Unknown = Unknown(reason="nobody was asked yet")
        self.busy = False  #: there was a press or a scroll since the last sample

    def settle(self, now: Reading) -> None:
        """Let the sources begin before time is recorded: else the first minute would have no active seconds."""
        self._plugins.settle(_tick(now))

    def take(self, now: Reading) -> Sample:
        """Ask every source."""
        tick = _tick(now)
        fields: dict[str, tuple[tuple[str, str], int | Unknown]] = {}
        counted = self._plugins.count_input(tick)
        for name in COUNTS:
            if isinstance(counted.value, Unknown):
                fields[name] = ((counted.plugin, ""), counted.value)
            else:
                fields[name] = ((counted.plugin, counted.value.since), getattr(counted.value, name))
            self.told.note(name, Answer(plugin=counted.plugin, value=fields[name][1]), now.mono)
        present = self._plugins.presence(tick)
        fields["active_seconds"] = ((present.active_ms.plugin, present.since), present.active_ms.value)
        for name, answer in (("active time", present.active_ms), ("idle time", present.idle_ms)):
            self.told.note(name, answer, now.mono)
        self.told.note("lock", present.locked, now.mono)
        self.locked = present.locked.value
        totals = tuple(fields[name] for name in COUNTS)
        self.busy = bool(self._totals) and totals != self._totals
        typed = any(map(_grew, self._totals, totals))
        self._totals = totals
        return Sample(fields=fields, idle_ms=self._idle(present.idle_ms.value, now, typed=typed))

    def _idle(self, idle_ms: int | Unknown, now: Reading, *, typed: bool) -> int | None:
        """Return the idle time, None if it is unknown; a timer that does not see who types knows nothing."""
        since, self._taken = now.mono - self._taken, now.mono
        if isinstance(idle_ms, Unknown) or (typed and idle_ms >= since):
            return None
        return idle_ms


def _tick(now: Reading) -> Tick:
    return Tick(wall_ms=now.wall, mono_ms=now.mono, slot=slot_of(now.wall))


def _grew(before: tuple[tuple[str, str], int | Unknown], after: tuple[tuple[str, str], int | Unknown]) -> bool:
    """Say whether one run of one meter counted something in between."""
    (source, old), (same, new) = before, after
    return source == same and isinstance(old, int) and isinstance(new, int) and new > old
