"""Small pieces of text, as panels can show them."""

from __future__ import annotations


def plain(text: str, most: int = 80) -> str:
    """Return text without control characters, on one line, cut to *most* characters."""
    line = "".join(one if one.isprintable() else " " for one in text.strip())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def hours(seconds: int | None) -> str:
    """Return ``h:mm``; what is not known is not zero."""
    return "unknown" if seconds is None else f"{seconds // 3600}:{seconds // 60 % 60:02d}"


def markup(text: str) -> str:
    """Return text for where a service reads markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sentence(error: str) -> str:
    """Return an error's message and remedy, which stand on lines of their own, on one."""
    return ". ".join(line.strip().rstrip(".") for line in error.splitlines() if line.strip())
