"""``make``: the one way to a demo, for the command, tests and benches."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary.clock import system_clock
from workdiary.desk.desk import open_keys
from workdiary.errors import UsageError
from workdiary.journal.keeper import Keeper
from workdiary.link.lock import Lock
from workdiary.record.days import Days
from workdiary.slots import slot_of, week_name, week_of
from workdiary_demo import changes, place
from workdiary_demo.camera import Camera
from workdiary_demo.cast import CLIENTS
from workdiary_demo.hands import Hands
from workdiary_demo.ledger import Ledger
from workdiary_demo.machine import Machine
from workdiary_demo.planning import Change, Span, plan_week
from workdiary_demo.tracking import Tracking

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.paths import Home
    from workdiary_demo.pictures import Pictures

MOST_WEEKS = 1040
HOURS = (1, 70)


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A diary that was made."""

    root: Path  #: the value for WORKDIARY_HOME
    home: Home
    weeks: tuple[str, ...]  #: from the first to the present one, as in 2026-W47
    contracts: tuple[str, ...]
    segments: int  #: those that were deleted again included
    images: int
    seconds: float  #: that it took


def make(
    root: Path | str,
    *,
    weeks: int = 12,
    seed: int | str = 0,
    hours: float = 40,
    images: bool = True,
    fresh: bool = False,
    now_ms: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Demo:
    """Make a demo of *weeks* full weeks and the present one up to *now_ms* under *root*, with a key of its own.

    The same *seed* and *now_ms* give the same diary; only salts and the encryption of images differ.

    :param hours: worked in a week.
    :param fresh: replace an earlier demo.
    :param progress: called with the weeks that are done and all weeks.
    :raises UsageError: *root* is not the home of a demo, or a number makes no sense.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise UsageError(f"a demo of {weeks} weeks cannot be made", remedy=f"Ask for 1 to {MOST_WEEKS}.")
    if not HOURS[0] <= hours <= HOURS[1]:
        raise UsageError(f"nobody works {hours:g} hours a week", remedy=f"Ask for {HOURS[0]} to {HOURS[1]}.")
    begun = time.monotonic()
    now = system_clock().wall if now_ms is None else now_ms
    span = Span(first=week_of(slot_of(now)) - weeks, weeks=weeks, now=now, hours=hours, seed=str(seed))
    root = Path(root).expanduser().absolute()
    home = place.claim(root, fresh=fresh)
    with Lock(home):
        place.write_key(home, str(seed))
        ledger = _fill(home, span, images=images, progress=progress)
    place.finish(root)
    return Demo(
        root=root,
        home=home,
        weeks=tuple(week_name(span.first + index) for index in range(weeks + 1)),
        contracts=tuple(client.name for client in CLIENTS),
        segments=ledger.segments,
        images=ledger.images,
        seconds=time.monotonic() - begun,
    )


def _fill(home: Home, span: Span, *, images: bool, progress: Callable[[int, int], None]) -> Ledger:
    keys = open_keys(home)
    keeper = Keeper(home, keys)
    try:
        keeper.journal.connection.pragma("synchronous", "NORMAL")  # a demo that is cut short is made anew
        ledger = Ledger(keeper)
        rng = random.Random(f"{span.seed}/life")
        machine, hands = Machine(span.at(0), rng), Hands(rng)
        camera = Camera(_pictures(home, span, keys.recipient) if images else None, rng)
        tracking = Tracking(machine, hands, camera, ledger, rng)
        days = {client.name: Days(keys.seed, client.name, (), ()) for client in CLIENTS}
        for index in range(span.weeks + 1):
            ledger.new_week()
            for event in plan_week(span, index):
                if isinstance(event, Change):
                    changes.carry_out(event, ledger, rng)
                else:
                    tracking.run(event, days[event.client.name])
            progress(index + 1, span.weeks + 1)
        ledger.flush()
        keeper.erase_leftovers()
    finally:
        keeper.close()
    return ledger


def _pictures(home: Home, span: Span, recipient: str) -> Pictures:
    from workdiary_demo.pictures import Pictures

    return Pictures(span.seed, recipient, home.blobs, variants=span.weeks)
