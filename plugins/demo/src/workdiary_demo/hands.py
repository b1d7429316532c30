"""What hands do: counts per minute that look like a person's, or that no meter can see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.payloads import Unknown
from workdiary.record.recorder import Sample

if TYPE_CHECKING:
    import random

#: keys, clicks, scrolls per busy minute, and the part of it in which the idle timer stands still
MOODS = {
    "typing": (118.0, 6.0, 4.0, 0.62),
    "reading": (5.0, 8.0, 22.0, 0.34),
    "pointing": (16.0, 36.0, 9.0, 0.58),
    "talking": (42.0, 7.0, 6.0, 0.30),
}
_FIELDS = ("keys", "clicks", "scrolls", "active_seconds")
#: What the plugins of today say in a Wayland session.
WAYLAND_COUNTS = Unknown(
    reason="x11: this is Xwayland, which sees only a part of the desktop; "
    "pynput: this is a Wayland session, where pynput sees only the input of X11 programs"
)
WAYLAND_PRESENCE = Unknown(reason="x11: this is Xwayland, which sees only a part of the desktop")


class Hands:
    """Odometers that grow as time passes."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._totals = [0.0, 0.0, 0.0, 0.0]
        self._rates = (0.0, 0.0, 0.0, 0.0)
        self._minute = -1
        self._run = f"{rng.getrandbits(32):08x}"
        self.mood = "typing"
        self.laziness = 0.06  #: the part of minutes in which nothing is touched
        self.blind = False  #: a Wayland session, in which the meters of today see nothing

    def pass_time(self, position: int, elapsed: int) -> None:
        """Do what is done in *elapsed* ms that end at *position* (ms since 1970)."""
        minute = (position - 1) // 60_000
        if minute != self._minute:
            self._minute = minute
            self._rates = self._draw()
        parts = elapsed / 60_000
        for index, rate in enumerate(self._rates):
            self._totals[index] += rate * parts

    def sample(self) -> Sample:
        """Return what the meters say."""
        if self.blind:
            none = ("", "")
            return Sample(
                fields={
                    "keys": (none, WAYLAND_COUNTS),
                    "clicks": (none, WAYLAND_COUNTS),
                    "scrolls": (none, WAYLAND_COUNTS),
                    "active_seconds": (none, WAYLAND_PRESENCE),
                }
            )
        source = ("x11", self._run)
        return Sample(fields={name: (source, int(total)) for name, total in zip(_FIELDS, self._totals, strict=True)})

    def restart(self) -> None:
        """Count anew, as meters do whose tracker was away."""
        self._run = f"{self._rng.getrandbits(32):08x}"
        self._totals = [0.0, 0.0, 0.0, 0.0]

    def _draw(self) -> tuple[float, float, float, float]:
        rng = self._rng
        if rng.random() < self.laziness:
            return (0.0, 0.0, 0.0, 0.0)
        keys, clicks, scrolls, active = MOODS[self.mood]
        pace = min(2.4, rng.lognormvariate(-0.1, 0.5))
        if rng.random() < 0.22:  # a thought, a page to read
            keys, clicks, scrolls, active = MOODS["reading"]
        seconds = min(0.97, active * (0.4 + 0.6 * pace))
        return (
            float(round(keys * pace)),
            float(round(clicks * rng.lognormvariate(-0.2, 0.6))),
            float(round(scrolls * rng.lognormvariate(-0.5, 0.9))),
            seconds * 60_000,
        )
