"""Filters that every template has."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from workdiary.diary.money import money
from workdiary.slots import SLOT_MS, day_of
from workdiary_web.site.models import words

if TYPE_CHECKING:
    from datetime import date

    from workdiary_web.site.models.zones import Clock

register = template.Library()


@register.filter  # type: ignore[untyped-decorator, unused-ignore]  # Django ships no types
def hours(seconds: int) -> str:
    """Write seconds as 1:05."""
    return words.hours(seconds)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def span(seconds: int) -> str:
    """Write seconds in words."""
    return words.span(seconds)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def in_money(minor: int, currency: str) -> str:
    """Write an amount."""
    return money(minor, currency)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def short(text: str, longest: int = words.SHORT) -> str:
    """Cut a long text."""
    return words.short(text, longest)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
@functools.lru_cache(maxsize=1024)
def drawn(blocks: tuple[str, ...]) -> Any:
    """Draw the ten blocks of a meter: most cards have one of few, and a loop in a template is slow."""
    return format_html_join("", '<i class="{}"></i>', ((one,) for one in blocks))


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def at(wall_ms: int, clock: Clock) -> str:
    """Write the time of day of an instant."""
    return clock.time(wall_ms)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def moment(wall_ms: int, clock: Clock) -> str:
    """Write day and time of an instant."""
    return clock.moment(wall_ms)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def day_label(day: date) -> str:
    """Write a day."""
    from workdiary_web.site.models.zones import day_label as label

    return label(day)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def plural(number: int, one: str) -> str:
    """Write 3 segments."""
    return words.plural(number, one)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def item(mapping: Any, key: Any) -> Any:
    """Look a key up."""
    return mapping.get(key)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def to_the_second(seconds: int) -> str:
    """Write seconds as 1:05:00."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def utc(wall_ms: int) -> str:
    """Write the time of day of an instant in UTC."""
    return f"{wall_ms // 3_600_000 % 24:02d}:{wall_ms // 60_000 % 60:02d}"


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def utc_day(wall_ms: int) -> str:
    """Write the UTC day of an instant, as 2026-11-23."""
    return day_of(wall_ms // SLOT_MS).isoformat()


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def exact(wall_ms: int, clock: Clock) -> str:
    """Write the time of day with its seconds."""
    return clock.time(wall_ms, seconds=True)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def known(value: int | None) -> Any:
    """Write a count, or that it is unknown: never as zero."""
    return mark_safe('<span class="unknown-word">unknown</span>') if value is None else value


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def field_name(field: str) -> str:
    """Write the name of a measured value."""
    names = {"keys": "Keystrokes", "clicks": "Clicks", "scrolls": "Scroll steps", "active_seconds": "Active seconds"}
    return names.get(field, field.capitalize())


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def hours_or_dash(seconds: int) -> str:
    """Write seconds as 1:05, and none as a dash."""
    return words.hours(seconds) if seconds else "\N{EN DASH}"


@register.simple_tag  # type: ignore[untyped-decorator, unused-ignore]
def call(one: Any, name: str, *arguments: Any) -> Any:
    """Call a method of a value: ``{% call answers "of" segment as said %}``."""
    return getattr(one, name)(*arguments)
