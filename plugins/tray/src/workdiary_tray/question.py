"""What the tracker asks about time without input, and the answers to it. Pure functions."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workdiary.slots import parse_iso

if TYPE_CHECKING:
    from collections.abc import Mapping

MINUTE_S = 60
LABELS = {"keep": "Keep: I was working", "discard": "Discard and go on", "stop": "Discard and stop"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """An open question."""

    since: str  #: ISO 8601; no other question has the same
    until: str = ""  #: empty while nobody is back
    seconds: int
    default: str  #: the answer that the contract gives if nobody does


def question_of(status: Mapping[str, Any]) -> Question | None:
    """Return what a tracker's status asks."""
    asked = status["idle"]
    if asked is None:
        return None
    return Question(
        since=asked["since"], until=asked["until"] or "", seconds=asked["seconds"], default=asked["default"]
    )


def in_words(asked: Question) -> str:
    """Return the question, in the machine's own time zone."""
    if not asked.until:
        return f"Nobody has been at the keyboard since {_clock(asked.since)}. What is it?"
    long = f"{asked.seconds // MINUTE_S} min" if asked.seconds >= MINUTE_S else f"{asked.seconds} s"
    return f"Nobody was at the keyboard from {_clock(asked.since)} to {_clock(asked.until)} ({long}). What was it?"


def answers(asked: Question) -> list[tuple[str, str]]:
    """Return each answer with its words; what the contract says is marked."""
    mark = {asked.default: " (the contract's default)"}
    return [(answer, label + mark.get(answer, "")) for answer, label in LABELS.items()]


def _clock(moment: str) -> str:
    return time.strftime("%H:%M", time.localtime(parse_iso(moment) / 1000))
