"""Amounts are integers in minor units; how many decimals that is depends on the currency."""

from __future__ import annotations

#: ISO 4217 currencies whose minor unit is not a hundredth.
_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "TND": 3, "JOD": 3}


def minor_digits(currency: str) -> int:
    """Return how many decimals an amount of the currency has."""
    return _DIGITS.get(currency, 2)


def money(minor: int, currency: str) -> str:
    """Return an amount for people, such as ``12.50 EUR``."""
    digits = minor_digits(currency)
    if not digits:
        return f"{minor} {currency}"
    return f"{minor // 10**digits}.{minor % 10**digits:0{digits}d} {currency}"
