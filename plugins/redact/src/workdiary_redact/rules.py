"""Which windows are excluded, which are masked: settings and matching, without pixels."""

from __future__ import annotations

import fnmatch
import unicodedata
from dataclasses import dataclass, fields
from enum import IntEnum

from workdiary.config import setting


class Level(IntEnum):
    """How much of a window may be seen. The higher one wins."""

    SHOWN = 0
    MASKED = 1  #: filled in the image, the title hidden, the application named
    EXCLUDED = 2  #: filled in the image, title and application hidden


@dataclass(frozen=True, kw_only=True)
class Config:
    """The table ``[plugins.redact]``. Matching ignores case; ``*`` and ``?`` make a pattern a shell glob.

    Without them an application must be equal to the text and a title must contain it.
    """

    exclude_apps: tuple[str, ...] = setting((), "Applications whose windows are covered and not named.")
    exclude_titles: tuple[str, ...] = setting((), "Titles of windows that are covered and not named.")
    mask_apps: tuple[str, ...] = setting((), "Applications whose windows are covered and lose their title.")
    mask_titles: tuple[str, ...] = setting((), "Titles of windows that are covered and keep the application's name.")

    def __post_init__(self) -> None:
        """Refuse an empty pattern: it would hit every title, or nothing."""
        for field in fields(self):
            if any(not pattern.strip() for pattern in getattr(self, field.name)):
                raise ValueError(f"{field.name}: a pattern is empty; remove it or write some text")

    def has_rules(self) -> bool:
        """Is there anything to do at all?"""
        return any(getattr(self, field.name) for field in fields(self))

    def level(self, app: str, title: str) -> Level:
        """Return what the rules say about a window of this application and title."""
        if _any_app(self.exclude_apps, app) or _any_title(self.exclude_titles, title):
            return Level.EXCLUDED
        if _any_app(self.mask_apps, app) or _any_title(self.mask_titles, title):
            return Level.MASKED
        return Level.SHOWN


def _any_app(patterns: tuple[str, ...], app: str) -> bool:
    name = _fold(app)
    return any(_glob(pattern, name) if _is_glob(pattern) else _fold(pattern) == name for pattern in patterns)


def _any_title(patterns: tuple[str, ...], title: str) -> bool:
    text = _fold(title)
    return any(_glob(pattern, text) if _is_glob(pattern) else _fold(pattern) in text for pattern in patterns)


def _is_glob(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern


def _glob(pattern: str, folded: str) -> bool:
    # A bracket stands for itself: "[Inbox] *" must not silently mean "one letter out of Inbox".
    return fnmatch.fnmatchcase(folded, _fold(pattern).replace("[", "[[]"))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
