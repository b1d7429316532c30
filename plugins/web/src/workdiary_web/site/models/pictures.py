"""The images of a week in their order: which comes before and after which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary.diary.model import Image, Segment


@dataclass(frozen=True, kw_only=True)
class Place:
    """One image, by its segment and its number in it."""

    id: str
    index: int


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An image among the others."""

    image: Image
    number: int  #: from 1, of ``count`` in the week
    count: int
    before: Place | None
    after: Place | None


def shown(segments: Sequence[Segment], segment_id: str, index: int) -> Shown | None:
    """Return an image of a week, with its neighbours; None if it is not there."""
    every = [
        (Place(id=one.id, index=number), image)
        for one in segments
        if one.snapshot is not None and not one.deleted
        for number, image in enumerate(one.snapshot.images)
    ]
    places = [place for place, _ in every]
    wanted = Place(id=segment_id, index=index)
    if wanted not in places:
        return None
    at = places.index(wanted)
    return Shown(
        image=every[at][1],
        number=at + 1,
        count=len(every),
        before=places[at - 1] if at else None,
        after=places[at + 1] if at + 1 < len(places) else None,
    )
