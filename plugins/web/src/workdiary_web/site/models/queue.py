"""What a backend refused, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workdiary.diary.fold import segment_id

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = {
    "key": "the device's key",
    "terms": "terms",
    "session": "start or end of a session",
    "day": "the day's commitment",
    "reveal": "the day's secret",
    "segment": "a segment",
    "manual": "manual time",
    "gap": "a gap",
    "clock": "a step of the clock",
    "edit": "an edited memo",
    "tombstone": "a deletion",
}


@dataclass(frozen=True, kw_only=True)
class Refused:
    """One entry that a backend did not take."""

    number: int
    what: str
    contract: str
    at: int  #: ms since 1970
    reason: str
    segments: tuple[str, ...]  #: the ids of those that it is about


def refused(document: Mapping[str, Any]) -> Refused:
    """Return what a refused entry is."""
    body = json.loads(document["body"])
    kind = str(body["kind"])
    about = [body["seq"]] if kind in ("segment", "manual") else body.get("of", ())
    return Refused(
        number=document["number"],
        what=_KINDS.get(kind, kind),
        contract=body["contract"],
        at=body["at"],
        reason=document["reason"],
        segments=tuple(segment_id(body["device"], body["contract"], seq) for seq in about),
    )
