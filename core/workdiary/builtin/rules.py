"""The billing and protection rules that come with the tracker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.diary.rules import BillingRule, ProtectionRule, Rules
from workdiary.hooks import hookimpl
from workdiary.slots import SLOT_SECONDS

if TYPE_CHECKING:
    from workdiary.diary.model import Segment

#: Of ten tracked minutes, so many have to be active.
LEAST_ACTIVE_TENTHS = 3


def real_time(segment: Segment) -> int:
    """Return the credited seconds."""
    return segment.credited_seconds


def whole_segment(segment: Segment) -> int:
    """Return 600 if the slot's snapshot was taken, else 0."""
    return SLOT_SECONDS if segment.snapshot_counts else 0


def standard(segment: Segment) -> tuple[str, ...]:
    """Return what keeps a billed segment from being protected, each with how to mend it."""
    checks = (
        (bool(segment.void), f"{segment.void}: it counts for nothing"),
        (segment.source != "tracked", "manual time is never protected"),
        (not segment.memo.strip(), "no memo: add one before the week locks"),
        (not segment.snapshot_counts, f"no snapshot ({segment.snapshot_missing}): the image cannot be made up for"),
        (*_activity(segment),),
        (segment.over_limit_seconds > 0, "over the weekly limit: ask the client to raise it"),
        (segment.late, "recorded after its week locked: ask the client to accept it"),
    )
    return tuple(text for failed, text in checks if failed)


def _activity(segment: Segment) -> tuple[bool, str]:
    if segment.activity is None or not segment.judged_minutes:
        return segment.source == "tracked", "activity is unknown: see workdiary doctor for a meter that works"
    low = 10 * segment.activity < LEAST_ACTIVE_TENTHS * segment.judged_minutes
    return low, f"active in {segment.activity} of {segment.judged_minutes} tracked minutes: explain it in the memo"


BILLING = (
    BillingRule(name="real-time", version=1, seconds=real_time),
    BillingRule(name="whole-segment", version=1, seconds=whole_segment),
)
PROTECTION = (ProtectionRule(name="standard", version=1, failures=standard),)
RULES = Rules.of(BILLING, PROTECTION)


@hookimpl
def workdiary_billing_rules() -> tuple[BillingRule, ...]:
    """Offer ``real-time`` and ``whole-segment``."""
    return BILLING


@hookimpl
def workdiary_protection_rules() -> tuple[ProtectionRule, ...]:
    """Offer ``standard``."""
    return PROTECTION
