"""The clocks of the made-up computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.clock import Reading

if TYPE_CHECKING:
    import random


class Machine:
    """Three clocks that run only when they are told to."""

    def __init__(self, wall: int, rng: random.Random) -> None:
        self.wall = wall
        self._rng = rng
        self._mono = self._boot = 60_000
        self._boot_id = self._name()

    def now(self) -> Reading:
        """Read the clocks."""
        return Reading(wall=self.wall, mono=self._mono, boot=self._boot, boot_id=self._boot_id)

    def go_on(self, ms: int) -> None:
        """Let time pass."""
        self.wall += ms
        self._mono += ms
        self._boot += ms

    def go_to(self, wall: int) -> None:
        """Let time pass until the wall clock shows *wall*; never backwards."""
        self.go_on(max(0, wall - self.wall))

    def sleep(self, ms: int) -> None:
        """Be suspended."""
        self.wall += ms
        self._boot += ms

    def step(self, ms: int) -> None:
        """Have the wall clock moved."""
        self.wall += ms

    def restart(self, wall: int) -> None:
        """Be switched off and on again at *wall*."""
        self.wall = max(wall, self.wall)
        self._mono = self._boot = 60_000
        self._boot_id = self._name()

    def _name(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"
