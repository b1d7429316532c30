"""A snapshot policy for ./contrib/track on its virtual screen: one more snapshot, 20 seconds after tracking starts.

A first run of two minutes would mostly end before its slot's own moment. It is on the path of the demo's processes
only, never installed. The derived moment stays, and what is added is recorded with the cause "policy".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.hooks import hookimpl

if TYPE_CHECKING:
    from workdiary.payloads import Slot

WAIT_S = 20
LAST_SECOND = 599


@hookimpl
def workdiary_plan_moments(slot: Slot) -> list[int]:
    """Add one moment soon after tracking starts in the slot, still within it."""
    return [min(LAST_SECOND, slot.from_offset + WAIT_S)]
