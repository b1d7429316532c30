"""Durations, money and texts, as the pages write them."""

from __future__ import annotations

#: A title on a card is cut after so many characters; the whole one is on the segment's page.
SHORT = 160


def hours(seconds: int) -> str:
    """Return whole minutes as ``1:05``; a rest of a minute is cut, as on a clock."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}"


def span(seconds: int) -> str:
    """Return a duration in words, such as ``2 h 5 min`` or ``40 s``."""
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds} s"
    whole, minutes = divmod(seconds // 60, 60)
    rest = f"{seconds % 60} s" if not whole and seconds % 60 else ""
    parts = (f"{whole} h" if whole else "", f"{minutes} min" if minutes else "", rest)
    return " ".join(part for part in parts if part)


def short(text: str, longest: int = SHORT) -> str:
    """Return the text, cut with an ellipsis where it is longer."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def plural(number: int, one: str, many: str = "") -> str:
    """Return ``1 segment`` or ``3 segments``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
