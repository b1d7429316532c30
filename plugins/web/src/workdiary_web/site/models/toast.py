"""What waits to be deleted, with the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary_web.site.application import Pending


@dataclass(frozen=True, kw_only=True)
class Toast:
    """The notice at the bottom of a page."""

    waiting: int  #: segments
    seconds: int  #: until the first of them is deleted
    token: str  #: for ``undo``; empty: this page does not know it
    failures: Sequence[str]


def toast(pending: Pending, token: str, wall_ms: int) -> Toast | None:
    """Return the notice, None if there is nothing to say."""
    waiting, failures = pending.waiting(), pending.failures()
    if not waiting and not failures:
        return None
    due = min(waiting.values(), default=wall_ms)
    return Toast(waiting=len(waiting), seconds=max(0, -(-(due - wall_ms) // 1000)), token=token, failures=failures)
