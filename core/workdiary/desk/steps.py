"""Steps that a person does, to find out whether the sources see them. What is compared never leaves this file."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.desk.trial import Look, look
from workdiary.payloads import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.plugins.manager import Plugins

LOOK_SECONDS = 0.25
QUIET_LOOKS = 10  #: nothing more came for so many looks: what the person did is over
AT_REST_MS = 2000  #: from then on active time may not grow
RESTED_MS = 4000
SLEPT_MS = 2000


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that a person does. ``judge``: empty if it was seen as it was done, else what is wrong; None: wait."""

    name: str
    ask: str
    field: str
    judge: Callable[[list[Look]], str | None]
    seconds: int = 20
    later: bool = False  #: the field may be unknown until the first time it happens


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a step: passed, failed, unknown or skipped."""

    name: str
    result: str
    why: str = ""


def blind(step: Step, plugins: Plugins) -> Outcome | None:
    """Return the outcome of a step that nobody needs to do, as its field is unknown."""
    value = getattr(look(plugins), step.field)
    if isinstance(value, Unknown) and not step.later:
        return Outcome(name=step.name, result="unknown", why=value.reason)
    return None


def follow(step: Step, plugins: Plugins) -> Outcome:
    """Look on until the step was done, or its time is over."""
    end = time.monotonic() + step.seconds
    seen = [look(plugins)]
    while time.monotonic() < end:
        time.sleep(LOOK_SECONDS)
        seen.append(look(plugins))
        said = step.judge(seen)
        if said is not None:
            return Outcome(name=step.name, result="failed" if said else "passed", why=said)
    last = getattr(seen[-1], step.field)
    if isinstance(last, Unknown):
        return Outcome(name=step.name, result="unknown", why=last.reason)
    return Outcome(name=step.name, result="failed", why=f"nothing of it was seen within {step.seconds} s")


def _exactly(field: str, wanted: int) -> Callable[[list[Look]], str | None]:
    def judge(seen: list[Look]) -> str | None:
        values = [getattr(one, field) for one in seen]
        if any(isinstance(value, Unknown) for value in values) or len(values) <= QUIET_LOOKS:
            return None
        grown = values[-1] - values[0]
        if not grown or values[-1] != values[-1 - QUIET_LOOKS]:
            return None
        return "" if grown == wanted else f"{grown} were counted, for {wanted}"

    return judge


def _scrolled(seen: list[Look]) -> str | None:
    first, last = seen[0].scrolls, seen[-1].scrolls
    return "" if not isinstance(last, Unknown) and last > first else None


def _moved(seen: list[Look]) -> str | None:
    known = [one.window for one in seen if not isinstance(one.window, Unknown)]
    return "" if len({(one.app, one.handle or one.title) for one in known}) > 1 else None


def _still(seen: list[Look]) -> str | None:
    idle = [one for one in seen if not isinstance(one.idle_ms, Unknown) and not isinstance(one.active_ms, Unknown)]
    if not idle or idle[-1].idle_ms < RESTED_MS:
        return None
    quiet = [one.active_ms for one in idle if one.idle_ms >= AT_REST_MS]
    return "" if quiet[-1] == quiet[0] else "active time grew while nobody touched anything"


def _locked(seen: list[Look]) -> str | None:
    was = [one.locked for one in seen]
    return "" if True in was and was[-1] is not True else None


def _slept(seen: list[Look]) -> str | None:
    return "" if seen[-1].asleep_ms - seen[0].asleep_ms >= SLEPT_MS else None


STEPS = (
    Step(name="hold a key", ask="hold the key A for two seconds", field="keys", judge=_exactly("keys", 1)),
    Step(name="click", ask="click three times with the left button", field="clicks", judge=_exactly("clicks", 3)),
    Step(name="scroll", ask="turn the wheel", field="scrolls", judge=_scrolled),
    Step(name="another window", ask="change to another window, and back after a second", field="window", judge=_moved),
    Step(name="rest", ask="touch nothing for ten seconds", field="idle_ms", judge=_still),
    Step(
        name="lock", ask="lock the screen, and unlock it after five seconds", field="locked", judge=_locked,
        seconds=90, later=True,
    ),
    Step(
        name="sleep", ask="have the machine sleep (close the lid), and wake it after ten seconds", field="asleep_ms",
        judge=_slept, seconds=180,
    ),
)  # fmt: skip
