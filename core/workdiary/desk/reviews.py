"""What clients said of the weeks: taking a review in, and showing what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workdiary.desk.reader import records
from workdiary.errors import RuleError, WorkdiaryError
from workdiary.journal import read
from workdiary.journal.entry import Key
from workdiary.review.check import check_review
from workdiary.review.form import fingerprint, read_review
from workdiary.review.store import Reviews
from workdiary.slots import parse_week, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workdiary.desk.reader import Reader
    from workdiary.diary.model import Segment
    from workdiary.diary.rules import Rules
    from workdiary.paths import Home
    from workdiary.review.form import Review


#: Of several answers to a week the latest counts: one from the future would count for ever.
CLOCK_SLACK_MS = 3_600_000


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One client's answer to a week. One with ``trouble`` counts for nothing."""

    name: str  #: of its file
    contract: str
    week: str
    review: Review | None = None
    trouble: str = ""
    in_force: bool = False  #: the latest of its week
    since: Mapping[str, str] = field(default_factory=dict)  #: what was done to a disputed segment after it, by id

    def of(self, segment: Segment) -> str:
        """Return what it says of a segment: ``approved``, ``disputed: REASON``, or nothing if it came later."""
        if self.review is None:
            return ""
        reason = self.review.reasons().get(segment.id)
        if reason is not None:
            return f"disputed: {reason}"
        heads = {one.device: one.head for one in self.review.body.chains}
        return "approved" if segment.seq <= heads.get(segment.device, -1) and not segment.deleted else ""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What ``take`` did."""

    answer: Answer
    new: bool  #: false: it was kept already
    first: bool  #: no other review of this contract was signed by this key


def take(home: Home, reader: Reader, rules: Rules, data: bytes, *, accept_key: bool, now_ms: int) -> Taken:
    """Check a review against the journal and keep it.

    :param accept_key: trust a key though the contract's earlier reviews were signed by another.
    :raises BundleError: the file was changed or is none.
    :raises RuleError: it answers another export, is dated in the future, or its key is not the contract's known one.
    """
    review = read_review(data)
    body = review.body
    if body.contract not in reader.terms():
        raise RuleError(
            f'this review is of a contract "{body.contract}", which your diary does not have',
            remedy="Is it for another of your devices?",
        )
    if body.at > now_ms + CLOCK_SLACK_MS:
        raise RuleError(
            f"this review is dated {spoken(body.at)}, which is in the future",
            remedy="Compare your clock with the client's; whoever is wrong sets it, and the client answers again.",
        )
    since = _checked(review, reader, rules)
    store = Reviews(home.reviews)
    known = {one.review.body.reviewer.public for one in store.load(body.contract) if one.review}
    public = body.reviewer.public
    if public == _device(reader, body.contract)[1]:
        raise RuleError("this review is signed by your own key", remedy="Only the client can answer an export.")
    if known and public not in known and not accept_key:
        raise RuleError(
            f"this review is signed by another key than the earlier ones of {body.contract}: {fingerprint(public)}, "
            f"not {' or '.join(fingerprint(one) for one in sorted(known))}. It may come from somebody else",
            remedy="Ask the client, not by the way the file came; if the key is right, import with --accept-key.",
        )
    new = store.add(review)
    answer = next(one for one in answers(home, reader, rules, body.contract, body.week) if one.review == review)
    return Taken(answer=replace(answer, since=since), new=new, first=public not in known)


def answers(home: Home, reader: Reader, rules: Rules, contract: str = "", week: str = "") -> list[Answer]:
    """Return the answers that are kept, those in force first, then the latest first; bad ones last, with the reason."""
    found = []
    for kept in Reviews(home.reviews).load(contract, week):
        answer = Answer(
            name=kept.name, contract=kept.contract, week=kept.week, review=kept.review, trouble=kept.trouble
        )
        if kept.review:
            try:
                answer = replace(answer, since=_checked(kept.review, reader, rules))
            except WorkdiaryError as error:
                answer = replace(answer, review=None, trouble=error.message)
        found.append(answer)
    latest: dict[tuple[str, str], Answer] = {}
    for one in sorted((one for one in found if one.review), key=_age):
        latest[one.contract, one.week] = one
    ranked = [replace(one, in_force=latest.get((one.contract, one.week)) is one) for one in found]
    return sorted(ranked, key=lambda one: (one.in_force, _age(one)), reverse=True)


def in_force(found: Sequence[Answer]) -> Answer | None:
    """Return the answer that counts among those of a week."""
    return next((one for one in found if one.in_force), None)


def _checked(review: Review, reader: Reader, rules: Rules) -> dict[str, str]:
    """Hold a review against the contract's chain on this device."""
    body = review.body
    if body.contract not in reader.terms():
        raise RuleError(f"your diary has no contract {body.contract} any more")
    device = _device(reader, body.contract)[0]
    own = next((one for one in body.chains if one.device == device), None)
    rows = reader.rows(body.contract, parse_week(body.week))
    terms = [row for row in read.terms_rows(reader.connection) if row.entry.contract == body.contract]
    stretch = read.chain_range(reader.connection, body.contract, own.head, own.head) if own else []
    disputed = [one.seq for one in body.disputed if one.device == device]
    named = [row for seq in disputed for row in read.chain_range(reader.connection, body.contract, seq, seq)]
    by_number = {row.number: row for row in (*terms, *rows, *stretch, *named)}
    return check_review(review, records(by_number[number] for number in sorted(by_number)), rules, device)


def _age(one: Answer) -> tuple[int, str]:
    return (one.review.body.at if one.review else -1, one.name)


def _device(reader: Reader, contract: str) -> tuple[str, str]:
    """Return the name and the public key of the device whose chain lies in this journal."""
    key = read.chain_range(reader.connection, contract, 0, 0)[0].entry
    assert isinstance(key, Key)  # a chain begins with it
    return key.device, key.public
