"""What a person types for a duration, a rate or a limit, as the diary keeps it."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException

from workdiary.diary.money import minor_digits
from workdiary.errors import UsageError

MOST_DIGITS = 12  #: no rate has more, and an exponent can write a number that fills the memory
HOUR = 3600


def duration(text: str) -> int:
    """Return the seconds of ``90s``, ``2m``, ``1h30m`` or ``40h``."""
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", text)
    if not text or match is None:
        raise UsageError(f'"{text}" is not a duration', remedy="Write it as in 90s, 2m, 1h30m or 40h.")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * HOUR + minutes * 60 + seconds


def weekly_limit(text: str) -> int | None:
    """Return the seconds of ``40h`` or ``37h30m``; a number alone is hours. None: ``none``, no limit."""
    if text == "none":
        return None
    return int(text) * HOUR if re.fullmatch(r"[0-9]{1,3}", text) else duration(text)


def rate(text: str, currency: str) -> int:
    """Return the minor units of ``50`` or ``47.50``."""
    try:
        minor = Decimal(text).scaleb(minor_digits(currency))
    except DecimalException:  # no number, or one too large to shift
        minor = Decimal("nan")
    if not minor.is_finite() or minor.adjusted() > MOST_DIGITS or minor != minor.to_integral_value() or minor < 0:
        raise UsageError(f'"{text}" is not a rate', remedy="Write it as in 50 or 47.50.")
    return int(minor)


def typed_rate(minor: int, currency: str) -> str:
    """Return a rate as ``rate`` reads it."""
    return str(Decimal(minor).scaleb(-minor_digits(currency)))


def typed_limit(seconds: int | None) -> str:
    """Return a limit as ``weekly_limit`` reads it."""
    if seconds is None:
        return "none"
    parts = ((seconds // HOUR, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0h"
