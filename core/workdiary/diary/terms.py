"""The terms of a contract, and which of them are in force when."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from workdiary.errors import RuleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CHOICES = {
    "type": ("hourly", "fixed"),
    "snapshots": ("active", "all", "none"),
    "idle": ("keep", "discard"),
    "status": ("active", "paused", "ended"),
}
WEEK_SECONDS = 604_800
MAX_RATE = 10**12
MAX_RETENTION_DAYS = 36_500
MAX_IDLE_MINUTES = 120


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What both sides agreed on; every change is a new entry, never an overwrite. UsageError if a value is wrong."""

    title: str
    client: str = ""
    type: str = "hourly"
    rate: int  #: minor units per hour
    currency: str  #: ISO 4217
    weekly_limit: int | None = None  #: seconds
    manual: bool = False
    keep_time: bool = True
    snapshots: str = "active"
    billing: str = "real-time"
    protection: str = "standard"
    retention_days: int = 180
    idle_minutes: int = 10  #: without input, after which it is asked what becomes of them; 0: never
    idle: str = "keep"  #: what becomes of them if nobody answers
    status: str = "active"

    def __post_init__(self) -> None:
        for key, choices in _CHOICES.items():
            if getattr(self, key) not in choices:
                raise _wrong(key, getattr(self, key), f"Use one of {', '.join(choices)}.")
        if not self.title:
            raise _wrong("title", "", "Give the contract a title.")
        if not re.fullmatch("[A-Z]{3}", self.currency):
            raise _wrong("currency", self.currency, "Write the ISO 4217 code, such as EUR.")
        if not 0 <= self.rate <= MAX_RATE:
            raise _wrong("rate", self.rate, "Write minor units per hour, 0 or more: 50.00 EUR is 5000.")
        if self.weekly_limit is not None and not 0 <= self.weekly_limit <= WEEK_SECONDS:
            raise _wrong("weekly_limit", self.weekly_limit, "Write seconds from 0 to 604800, or null for no limit.")
        if not 0 <= self.retention_days <= MAX_RETENTION_DAYS:
            raise _wrong("retention_days", self.retention_days, "Write days from 0 to 36500.")
        if not 0 <= self.idle_minutes <= MAX_IDLE_MINUTES:
            raise _wrong("idle_minutes", self.idle_minutes, "Write minutes from 1 to 120, or 0 to be never asked.")

    @classmethod
    def from_entry(cls, terms: Mapping[str, Any]) -> Terms:
        """Return the terms of a ``terms`` entry's object, which has every key; UsageError names the wrong one."""
        missing = sorted(set(cls.__dataclass_fields__) - set(terms))
        unknown = sorted(set(terms) - set(cls.__dataclass_fields__))
        if missing or unknown:
            named = "is missing" if missing else "is unknown"
            raise UsageError(f'terms: the key "{(missing or unknown)[0]}" {named}', remedy="See the journal format.")
        try:
            return msgspec.convert(dict(terms), cls)
        except msgspec.ValidationError as error:
            raise UsageError(f"terms: {error}", remedy="See the journal format, Terms.") from None

    def to_entry(self) -> dict[str, str | int | bool | None]:
        """Return the object that a ``terms`` entry holds."""
        return asdict(self)

    def require_change_to(self, new: Terms) -> None:
        """Raise RuleError if *new* cannot follow these terms: a statement has one currency."""
        if new.currency != self.currency:
            raise RuleError(
                f"a contract in {self.currency} cannot go on in {new.currency}",
                remedy="End this contract and add a new one in the other currency.",
            )


@dataclass(frozen=True, kw_only=True)
class Since:
    """Terms, and from when (ms since 1970)."""

    at: int
    terms: Terms


def in_force(history: Sequence[Since], wall_ms: int) -> Terms | None:
    """Return the terms in force at *wall_ms*; the first ones before they were written; None without any.

    :param history: in ascending order of ``at``.
    """
    current = history[0].terms if history else None
    for since in history:
        if since.at > wall_ms:
            break
        current = since.terms
    return current


def _wrong(key: str, value: object, remedy: str) -> UsageError:
    return UsageError(f'terms: {key} is "{value}"', remedy=remedy)
