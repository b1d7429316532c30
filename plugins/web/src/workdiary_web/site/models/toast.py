"""What waits to be deleted, with the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary_web.site.application import Pending


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One deletion that can still be undone."""

    token: str  #: for ``undo``
    segments: int
    images: bool  #: only their images go
    seconds: int  #: until it is carried out


@dataclass(frozen=True, kw_only=True)
class Toast:
    """The notice at the bottom of a page."""

    requests: Sequence[Waiting]  #: the newest first
    failures: Sequence[str]


def toast(pending: Pending, wall_ms: int) -> Toast | None:
    """Return the notice, None if there is nothing to say."""
    requests = [
        Waiting(
            token=one.token,
            segments=len(one.ids),
            images=one.keep_time,
            seconds=max(0, -(-(one.due_ms - wall_ms) // 1000)),
        )
        for one in pending.requests()
    ]
    failures = pending.failures()
    return Toast(requests=requests, failures=failures) if requests or failures else None
