"""Three clocks read together: the wall names a slot, the monotonic one measures, the boot one sees sleep."""

from __future__ import annotations

import functools
import sys
import time
from pathlib import Path
from typing import Protocol

import msgspec


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One instant, in whole milliseconds."""

    wall: int  #: since 1970 UTC; may be stepped
    mono: int  #: stops while the machine sleeps, never stepped
    boot: int  #: runs through sleep, never stepped
    boot_id: str  #: changes with every start of the machine


class ClockSource(Protocol):
    """Where readings come from."""

    def __call__(self) -> Reading:
        """Return the present instant."""


def system_clock() -> Reading:
    """Read the machine's clocks."""
    return Reading(
        wall=time.time_ns() // 1_000_000,
        mono=time.monotonic_ns() // 1_000_000,
        boot=_boot_ns() // 1_000_000,
        boot_id=boot_id(),
    )


def _boot_ns() -> int:
    if sys.platform == "linux":
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return time.monotonic_ns()  # elsewhere sleep is seen by the wall clock's jump


@functools.cache
def boot_id() -> str:
    """Return an identifier of this start of the machine, empty where there is none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
