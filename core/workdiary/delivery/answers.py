"""What a backend's answers acknowledge."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from workdiary.uploader import Rejected, Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workdiary.uploader import Item

    Answered = tuple[Item, Stored | Rejected]


def judge(items: Sequence[Item], answers: Iterable[Any]) -> tuple[list[Answered], str]:
    """Return the prefix of *items* that was answered for, and what is wrong with the next one; "" if there is none.

    An answer for an entry that was not offered acknowledges nothing.
    """
    by_number: dict[int, list[Stored | Rejected]] = {}
    for answer in answers:
        if isinstance(answer, Stored | Rejected) and isinstance(answer.number, int):
            by_number.setdefault(answer.number, []).append(answer)
    done: list[Answered] = []
    for item in items:
        given = by_number.get(item.number, [])
        fault = _fault(item, given)
        if fault:
            return done, fault
        done.append((item, given[0]))
    return done, ""


def _fault(item: Item, given: Sequence[Stored | Rejected]) -> str:
    if not given:
        return f"the backend did not answer for entry {item.number}"
    first = given[0]
    if any(other != first for other in given):
        return f"the backend contradicts itself about entry {item.number}"
    if isinstance(first, Rejected):
        return ""
    if first.digest != hashlib.sha256(item.body).digest():
        return f"the backend stored something else for entry {item.number}"
    if first.receipt is not None and not isinstance(first.receipt, bytes):
        return f"the backend's receipt for entry {item.number} is not bytes"
    return ""
