"""What the sources say, and who said it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from workdiary.payloads import Presence, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")
NOBODY = "no plugin answers this"


@dataclass(frozen=True, kw_only=True)
class Answer(Generic[T]):
    """A reading and the plugin that gave it. ``plugin`` is empty when nobody answered; then ``value`` says why."""

    plugin: str
    value: T | Unknown


@dataclass(frozen=True, kw_only=True)
class Present:
    """Is someone there? Each field from a source of its own."""

    active_ms: Answer[int]
    since: str  #: names the run of the odometer of active time
    idle_ms: Answer[int]
    locked: Answer[bool]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What one plugin said. ``reason``: why that is no reading; empty if it is one."""

    plugin: str
    value: Any
    reason: str
    builtin: bool = False


def why_nobody(heard: Iterable[tuple[Heard, str]]) -> str:
    """Return the plugins' reasons. What is built in only says that nothing is installed, so it speaks last."""
    told = list(heard)
    named = [f"{one.plugin}: {reason}" for one, reason in told if not one.builtin]
    return "; ".join(named or [reason for _, reason in told]) or NOBODY


def merge(heard: list[Heard]) -> Present:
    """Return each field from the first source that knows it; of the lock, from the first that says it is locked.

    Some ways to lock a screen are seen by one source only, and the others go on saying that it is not locked.
    """
    active = _first("active_ms", heard)
    locker = [one for one in heard if not one.reason and one.value.locked is True]
    return Present(
        active_ms=active,
        since=next((one.value.since for one in heard if one.plugin == active.plugin and not one.reason), ""),
        idle_ms=_first("idle_ms", heard),
        locked=_first("locked", locker or heard),
    )


def _first(field: str, heard: list[Heard]) -> Answer[Any]:
    why = []
    for one in heard:
        value = getattr(one.value, field) if isinstance(one.value, Presence) and not one.reason else None
        if value is not None and not isinstance(value, Unknown):
            return Answer(plugin=one.plugin, value=value)
        why.append((one, one.reason or getattr(value, "reason", "")))
    return Answer(plugin="", value=Unknown(reason=why_nobody(why)))
