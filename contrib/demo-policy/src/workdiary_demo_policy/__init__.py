"""For ``contrib/track`` on a virtual screen only: one more snapshot, fifteen seconds after tracking begins in a slot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary import hookimpl

if TYPE_CHECKING:
    from workdiary.payloads import Slot

WORKDIARY_HOOK_API = (1, 0)
AFTER_SECONDS = 15


@hookimpl
def workdiary_plan_moments(slot: Slot) -> list[int]:
    """Add the moment, if the slot is long enough still."""
    at = slot.from_offset + AFTER_SECONDS
    return [at] if at < 600 else []
