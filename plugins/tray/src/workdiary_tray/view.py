"""What the tray shows, as one value; and what it says of it. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from workdiary_tray.question import in_words
from workdiary_tray.text import hours, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workdiary_tray.question import Question

TITLE = "Workdiary"
LONGEST = 300  #: characters of a refusal


class State(Enum):
    """The four icons."""

    TRACKING = "tracking"
    PAUSED = "paused"
    STOPPED = "stopped"
    TROUBLE = "trouble"


@dataclass(frozen=True, kw_only=True)
class View:
    """All that a face of the tray needs to know."""

    state: State = State.STOPPED  #: never TROUBLE; see ``icon``
    contract: str = ""
    memo: str = ""
    today_s: int | None = None  #: of the contract, or of all while stopped; None: not known
    week_s: int | None = None
    unknown: tuple[str, ...] = ()  #: what no plugin can see, each with its reason
    trouble: str = ""  #: what the tracker cannot do, or why it does not answer
    refusal: str = ""  #: why the last action was not carried out
    picture: str = ""  #: the slot that is being recorded, if it has a picture already
    unannounced: str = ""  #: why its owner was not told of the last picture
    question: Question | None = None  #: what is asked about time without input
    contracts: Mapping[str, tuple[str, ...]] | None = field(default=None)  #: active ones, each with its last memos


def icon(view: View) -> State:
    """Return which icon stands for it: what waits for somebody beats everything."""
    return State.TROUBLE if view.trouble or view.question else view.state


def headline(view: View) -> str:
    """Return the state in a few words."""
    if view.state is State.STOPPED:
        return "Stopped"
    return f"{view.state.value.capitalize()}: {plain(view.contract)}"


def times(view: View) -> str:
    """Return the running time."""
    whose = "All contracts: today" if view.state is State.STOPPED else "Today"
    return f"{whose} {hours(view.today_s)}, this week {hours(view.week_s)}"


def notes(view: View) -> list[str]:
    """Return what is in trouble, refused or unknown, worst first."""
    found = [f"Trouble: {plain(view.trouble, LONGEST)}"] if view.trouble else []
    found += [f"Refused: {plain(view.refusal, LONGEST)}"] if view.refusal else []
    found += [f"You were not told of the last picture: {plain(view.unannounced, LONGEST)}"] if view.unannounced else []
    return found + [plain(one, LONGEST) for one in view.unknown]


def lines(view: View) -> list[str]:
    """Return the lines below the headline."""
    question = [in_words(view.question)] if view.question else []
    memo = [plain(view.memo)] if view.memo else []
    return [*question, *memo, times(view), *notes(view)]
