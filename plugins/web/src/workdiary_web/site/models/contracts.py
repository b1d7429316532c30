"""Contracts: their terms in words, how they changed, and what a form says about them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workdiary.diary import typed
from workdiary.diary.money import money
from workdiary.diary.terms import Terms
from workdiary.diary.text import require_text
from workdiary.errors import UsageError
from workdiary_web.site.models.words import hours, plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workdiary.diary.terms import Since
    from workdiary_web.site.models.forms import Form

LABELS = {
    "title": "Title",
    "client": "Client",
    "type": "Kind",
    "rate": "Rate",
    "currency": "Currency",
    "weekly_limit": "Weekly limit",
    "manual": "Manual time",
    "keep_time": "Removing an image",
    "snapshots": "Screenshots",
    "billing": "Billing rule",
    "protection": "Protection rule",
    "retention_days": "Images are kept",
    "idle_minutes": "Time without input",
    "idle": "Time without input, unanswered",
    "status": "Status",
}
SNAPSHOTS = (("active", "the monitor with the active window"), ("all", "all monitors"), ("none", "none"))
IDLE = (("keep", "it is kept, all time counts"), ("discard", "it is discarded and becomes a gap"))
_WORDS: dict[str, dict[Any, str]] = {
    "type": {"hourly": "by the hour", "fixed": "fixed price, no time log"},
    "snapshots": dict(SNAPSHOTS),
    "idle": dict(IDLE),
    "manual": {True: "allowed", False: "not allowed"},
    "keep_time": {True: "its time may be kept", False: "takes its time away"},
}
#: A valid set of terms, into which one value at a time is put to see whether it is good.
_SOUND = Terms(title="x", rate=0, currency="EUR")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One term that became another."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Version:
    """The terms from an instant on, and what was new in them."""

    at: int
    changes: tuple[Change, ...]


def price(terms: Terms) -> str:
    """Return what is paid, in words."""
    return "fixed price" if terms.type == "fixed" else f"{money(terms.rate, terms.currency)} per hour"


def in_words(terms: Terms, key: str) -> str:
    """Return one term for people."""
    value = getattr(terms, key)
    if key == "rate":
        return price(terms)
    if key == "weekly_limit":
        return "none" if value is None else f"{hours(value)} h"
    if key == "retention_days":
        return f"{value} days"
    if key == "idle_minutes":
        return f"asked about after {plural(value, 'minute')}" if value else "never asked about, all time counts"
    return str(_WORDS.get(key, {}).get(value, value)) or "not named"


def rows(terms: Terms) -> list[tuple[str, str]]:
    """Return all terms in words, with their labels."""
    return [(label, in_words(terms, key)) for key, label in LABELS.items() if key != "currency"]


def versions(history: Sequence[Since]) -> list[Version]:
    """Return how the terms changed, the newest first; the first version has no changes."""
    found = [Version(at=history[0].at, changes=())]
    for old, new in itertools.pairwise(history):
        keys = [key for key in LABELS if getattr(old.terms, key) != getattr(new.terms, key)]
        found.append(
            Version(
                at=new.at,
                changes=tuple(
                    Change(label=LABELS[key], before=in_words(old.terms, key), after=in_words(new.terms, key))
                    for key in keys
                ),
            )
        )
    return found[::-1]


def as_typed(terms: Terms) -> dict[str, str]:
    """Return terms as the form shows them."""
    return {
        "title": terms.title,
        "client": terms.client,
        "type": terms.type,
        "rate": typed.typed_rate(terms.rate, terms.currency),
        "currency": terms.currency,
        "limit": typed.typed_limit(terms.weekly_limit),
        "manual": "yes" if terms.manual else "",
        "keep_time": "yes" if terms.keep_time else "",
        "snapshots": terms.snapshots,
        "billing": terms.billing,
        "protection": terms.protection,
        "retention_days": str(terms.retention_days),
        "idle_minutes": str(terms.idle_minutes),
        "idle": terms.idle,
    }


def read_terms(form: Form, old: Terms) -> dict[str, Any]:
    """Return the terms that a form says differently from *old*; what is wrong is kept in the form."""
    currency = form.read("currency", lambda text: _good("currency", text.upper() or old.currency), old.currency)
    values: dict[str, Any] = {
        "title": form.read("title", lambda text: _good("title", _line("title", text)), old.title),
        "client": form.read("client", lambda text: _line("client", text), old.client),
        "type": form.read("type", lambda text: _good("type", text or old.type), old.type),
        "currency": currency,
        "weekly_limit": form.read("limit", lambda text: _good("weekly_limit", _limit(text)), old.weekly_limit),
        "manual": bool(form.values.get("manual")),
        "keep_time": bool(form.values.get("keep_time")),
        "snapshots": form.read("snapshots", lambda text: _good("snapshots", text), old.snapshots),
        "billing": form.values.get("billing", old.billing),
        "protection": form.values.get("protection", old.protection),
        "retention_days": form.read("retention_days", lambda text: _good("retention_days", _whole(text)), 0),
        "idle_minutes": form.read("idle_minutes", lambda text: _good("idle_minutes", _whole(text)), 0),
        "idle": form.read("idle", lambda text: _good("idle", text), old.idle),
    }
    if values["type"] == "fixed":
        values["rate"] = old.rate
    else:
        values["rate"] = form.read("rate", lambda text: _good("rate", typed.rate(text, currency)), old.rate)
    return {key: value for key, value in values.items() if value != getattr(old, key)}


def _limit(text: str) -> int | None:
    return typed.weekly_limit(text.lower().replace(" ", "") or "none")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:  # noqa: PLR2004 - digits; more fit nowhere
        raise UsageError(f'"{text}" is not a whole number', remedy="Write it as in 180.")
    return int(text)


def _line(name: str, text: str) -> str:
    require_text(name, text)
    return text


def _good(key: str, value: Any) -> Any:
    """Return the value; UsageError if no terms may have it."""
    try:
        replace(_SOUND, **{key: value})
    except UsageError as error:
        raise UsageError(
            error.message.replace(f"{key} is", f"the {LABELS[key].lower()} is"), remedy=error.remedy
        ) from None
    return value


def of_all(terms: Mapping[str, Sequence[Since]]) -> list[tuple[str, Terms]]:
    """Return every contract with its present terms: those that go on first."""
    order = {"active": 0, "paused": 1, "ended": 2}
    found = [(name, history[-1].terms) for name, history in terms.items()]
    return sorted(found, key=lambda pair: (order[pair[1].status], pair[0]))
