"""Snapshot moments that nobody picked: derived from a secret that was committed to beforehand."""

from __future__ import annotations

import hashlib
import hmac

from workdiary.slots import SLOT_SECONDS


def day_secret(seed: bytes, contract: str, date: str) -> bytes:
    """Return the secret of one contract's day (*date* as YYYY-MM-DD, UTC), from the device's secret seed."""
    return hmac.digest(seed, b"workdiary/1/day/" + contract.encode() + b"/" + date.encode(), "sha256")


def commit_day(secret: bytes) -> str:
    """Return the hex commitment that goes into the journal before the day's first segment."""
    return hashlib.sha256(b"workdiary/1/day\0" + secret).hexdigest()


def moment(secret: bytes, slot: int, start: int) -> int:
    """Return the second of the slot at which its snapshot falls due, uniform over ``start..599``."""
    draw = int.from_bytes(hmac.digest(secret, b"workdiary/1/slot/%d" % slot, "sha256")[:8], "big")
    return start + (draw * (SLOT_SECONDS - start) >> 64)
