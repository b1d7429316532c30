"""Rules that a contract may name: every started minute is billed whole; a segment wants a memo and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.diary.rules import BillingRule, ProtectionRule
from workdiary.hooks import hookimpl

if TYPE_CHECKING:
    from workdiary.diary.model import Segment


def started_minutes(segment: Segment) -> int:
    """Return the credited seconds, rounded up to minutes. Integers only, no clock, no state: both sides compute it."""
    return -(-segment.credited_seconds // 60) * 60


def memo_only(segment: Segment) -> tuple[str, ...]:
    """Return what the segment fails, with how to mend it."""
    return () if segment.memo.strip() else ("no memo: add one before the week locks",)


@hookimpl
def workdiary_billing_rules() -> list[BillingRule]:
    """Offer ``started-minutes``. A change of what it computes needs a new version."""
    return [BillingRule(name="started-minutes", version=1, seconds=started_minutes)]


@hookimpl
def workdiary_protection_rules() -> list[ProtectionRule]:
    """Offer ``memo-only``."""
    return [ProtectionRule(name="memo-only", version=1, failures=memo_only)]
