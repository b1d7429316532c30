"""What counts as seen, for the steps that no test can do here, and for those whose field nobody tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workdiary.desk import steps
from workdiary.desk.trial import Look
from workdiary.payloads import Unknown

STEPS = {step.name: step for step in steps.STEPS}
NOBODY = Unknown(reason="nobody tells")
LOOK = Look(keys=0, clicks=0, scrolls=0, window=NOBODY, active_ms=0, idle_ms=0, locked=NOBODY, asleep_ms=500)


def judged(name, **fields):
    looks = [replace(LOOK, **dict(zip(fields, values, strict=True))) for values in zip(*fields.values(), strict=True)]
    return STEPS[name].judge(looks)


@pytest.mark.parametrize(("asleep", "said"), [([500, 500], None), ([500, 2499], None), ([500, 9500], "")])
def test_sleep_is_what_the_clocks_say(asleep, said):
    assert judged("sleep", asleep_ms=asleep) == said


@pytest.mark.parametrize(
    ("locked", "said"),
    [([False, False], None), ([False, True], None), ([NOBODY, True, False], ""), ([False, True, NOBODY], "")],
)
def test_a_lock_is_seen_when_it_came_and_went(locked, said):
    assert judged("lock", locked=locked) == said


def test_active_time_that_grows_at_rest_is_wrong():
    idle = [0, 1000, 2000, 3000, 4000]
    assert judged("rest", idle_ms=idle, active_ms=[0, 900, 1000, 1000, 1000]) == ""
    assert judged("rest", idle_ms=idle, active_ms=[0, 900, 1000, 1500, 1900])
    assert judged("rest", idle_ms=idle[:4], active_ms=[0] * 4) is None


@pytest.fixture
def watched(monkeypatch):
    seen = [LOOK]
    monkeypatch.setattr(steps, "look", lambda _: seen[0])
    monkeypatch.setattr(steps, "LOOK_SECONDS", 0.01)
    return seen


def test_what_nobody_tells_is_not_asked_for_but_a_lock_is(watched):
    assert steps.blind(STEPS["another window"], None).why == "nobody tells"
    assert steps.blind(STEPS["lock"], None) is None
    assert steps.blind(STEPS["click"], None) is None


def test_nothing_seen_in_time_has_failed_and_nothing_told_is_unknown(watched):
    assert steps.follow(replace(STEPS["click"], seconds=0.1), None).result == "failed"
    assert steps.follow(replace(STEPS["lock"], seconds=0.1), None).result == "unknown"
