"""Filters for forms and for the pages about this machine."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter  # type: ignore[untyped-decorator, unused-ignore]  # Django ships no types
def text(value: Any) -> str:
    """Write a value as text, to compare it with what was typed."""
    return str(value)


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def hook(name: str) -> str:
    """Write a hook without its prefix."""
    return name.removeprefix("workdiary_")


@register.filter  # type: ignore[untyped-decorator, unused-ignore]
def barred(names: list[str]) -> str:
    """Say which contracts do not allow manual time."""
    return f"Not allowed by: {', '.join(names)}." if names else ""
