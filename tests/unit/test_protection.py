"""Promises of the standard protection rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workdiary.builtin.rules import standard
from workdiary.diary.model import Segment

GOOD = Segment(
    id="aaaa-acme-1", device="a" * 16, contract="acme", seq=1, slot=2_923_776, source="tracked", recorded_at=0,
    billed_week=2900, memo="Write the parser", tracked_seconds=600, activity=3, judged_minutes=10, snapshot_counts=True,
)  # fmt: skip
GOOD = replace(GOOD, billed_week=(GOOD.slot - 576) // 1008)


def test_a_good_segment_is_protected():
    assert standard(GOOD) == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"source": "manual"}, "manual time"),
        ({"memo": " "}, "no memo: add one"),
        ({"snapshot_counts": False, "snapshot_missing": "the screen was locked"}, "the screen was locked"),
        ({"activity": 2}, "active in 2 of 10"),
        ({"activity": None}, "activity is unknown"),
        ({"over_limit_seconds": 1}, "over the weekly limit"),
        ({"void": "the contract was paused"}, "the contract was paused"),
        ({"billed_week": GOOD.billed_week + 1}, "after its week locked"),
    ],
)
def test_each_rule_that_fails_is_named_with_its_remedy(change, why):
    (text,) = standard(replace(GOOD, **change))
    assert why in text


def test_a_short_segment_is_never_low():
    assert standard(replace(GOOD, tracked_seconds=30, activity=1, judged_minutes=1)) == ()
