"""Contract of snapshot policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workdiary.payloads import Slot, Verdict
from workdiary.testing.hosted import OCCASION, Hosted, no_failures, promise

if TYPE_CHECKING:
    from workdiary.plugins.manager import Plugins


class PolicyContract(Hosted):
    """``workdiary_decide_snapshot`` and ``workdiary_plan_moments``; a policy may have either."""

    @pytest.mark.parametrize("cause", ["derived", "policy", "preview"])
    def test_a_policy_decides_or_has_no_opinion(self, host: Plugins, entry_point: str, cause: str) -> None:
        """A policy answers with Decision or None for every cause, and a DENY says why."""
        from dataclasses import replace

        from workdiary.payloads import Cause

        decision = host.decide_snapshot(replace(OCCASION, cause=Cause(cause)))
        no_failures(host, entry_point, "workdiary_decide_snapshot", decision.reason)
        if decision.verdict is Verdict.DENY:
            promise(bool(decision.reason.strip()), "a DENY says why; the reason stands in the diary", "no reason")

    @pytest.mark.parametrize("offset", [0, 300, 599])
    def test_moments_lie_in_what_is_left_of_the_slot(self, host: Plugins, entry_point: str, offset: int) -> None:
        """Moments are whole seconds from where tracking began to 599."""
        moments = host.plan_moments(
            Slot(number=3_000_000, from_offset=offset, derived_offset=599, contract="conformance")
        )
        found = f"of the answers, only {moments} lie in {offset}..599"
        no_failures(host, entry_point, "workdiary_plan_moments: whole seconds from_offset..599; it", found)
