"""What a person may write into the diary."""

from __future__ import annotations

import unicodedata

from workdiary.errors import UsageError

MAX_MEMO = 500
#: Control characters (which may steer a terminal), halves of characters, and ends of lines.
_REFUSED = {"Cc", "Cs", "Zl", "Zp"}


def require_text(name: str, text: str, longest: int = MAX_MEMO) -> None:
    """UsageError unless *text* is one line of whole characters; *name* is what the error calls it."""
    if len(text) > longest:
        raise UsageError(f"the {name} has {len(text)} characters", remedy=f"Write at most {longest}.")
    if any(unicodedata.category(one) in _REFUSED for one in text):
        raise UsageError(
            f"the {name} holds a control character, a line's end or half a character", remedy="Write one line of text."
        )
