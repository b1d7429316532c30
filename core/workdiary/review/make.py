"""Making a review: what the client disputes of a received export, and what is left to pay."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from workdiary.diary.terms import in_force
from workdiary.diary.week import amount
from workdiary.diary.week import week as bill_week
from workdiary.errors import RuleError, UsageError
from workdiary.proof.words import in_words
from workdiary.review.form import Approved, Body, ChainRef, Disputed, Reviewer, write_review
from workdiary.slots import parse_week, week_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from workdiary.diary.model import Segment, Since, Week
    from workdiary.diary.rules import Rules
    from workdiary.proof.report import Report
    from workdiary.proof.verify import Received
    from workdiary.review.form import Review


def make_review(
    received: Received,
    rules: Rules,
    disputed: Mapping[str, str],
    *,
    name: str,
    public: str,
    sign: Callable[[bytes], bytes],
    at_ms: int,
) -> Review:
    """Return the signed answer to an export.

    :param disputed: the reason for each disputed segment, by its id; without any, the week is approved.
    :param public: the client's Ed25519 key in hex, and *sign* its signature (``Keys.sign``).
    :raises UsageError: a segment is not in the export, is deleted or billed elsewhere, or a text cannot be written.
    """
    claim = received.claim
    week = bill_week(received.log, parse_week(claim.week), claim.contract, rules)
    chosen = [_disputable(week, one) for one in disputed]
    history = received.log.terms.get(claim.contract, ())
    seconds, minor = left_to_pay(week, history, {one.id for one in chosen})
    body = Body(
        at=at_ms,
        contract=claim.contract,
        week=claim.week,
        statement=received.statement,
        chains=[
            ChainRef(device=one.device, first=one.first, head=one.head, digest=one.digest)
            for one in sorted(claim.chains, key=lambda one: one.device)
        ],
        reviewer=Reviewer(name=name, public=public),
        verdict="disputed" if chosen else "approved",
        disputed=[
            Disputed(
                device=one.device,
                seq=one.seq,
                digest=received.digests[one.device, one.seq],
                slot=one.slot,
                reason=disputed[one.id],
            )
            for one in sorted(chosen, key=lambda one: (one.device, one.seq))
        ],
        approved=Approved(seconds=seconds, amount=minor, currency=week.statement.currency),
    )
    return write_review(body, sign)


def require_answerable(report: Report) -> None:
    """RuleError if a review could not rest on the export: it contradicts itself or cannot be read."""
    if report.exit_code in (1, 3):
        worst = [one.level for one in report.findings].index(report.exit_code)
        said = in_words(report).findings[worst].rstrip(".")
        raise RuleError(
            f"this export is not in order, so it can be neither approved nor disputed. {said}",
            remedy="Send the freelancer what `workdiary verify --plain FILE` says, and ask for the file again.",
        )


def left_to_pay(week: Week, history: Sequence[Since], without: Collection[str]) -> tuple[int, int]:
    """Return the billable seconds of the week's statement and their amount, without some segments."""
    by_rate: dict[int, int] = defaultdict(int)
    for one in billed(week):
        terms = in_force(history, one.start_ms)
        if terms is not None and one.id not in without:
            by_rate[terms.rate] += one.billable_seconds
    return sum(by_rate.values()), amount(by_rate)


def billed(week: Week) -> list[Segment]:
    """Return the segments that the week's statement counts, late ones of earlier weeks included."""
    return [one for one in (*week.segments, *week.carried) if one.billed_week == week.number]


def _disputable(week: Week, segment_id: str) -> Segment:
    found = next((one for one in (*week.segments, *week.carried) if one.id == segment_id), None)
    if found is None:
        raise UsageError(f'there is no segment "{segment_id}" in this export', remedy="workdiary review show FILE")
    if found.deleted:
        raise UsageError(f"{segment_id} was deleted by its owner: it costs nothing", remedy="Leave it out.")
    if found.billed_week != week.number:
        later = week_name(found.billed_week)
        raise UsageError(f"{segment_id} is billed in {later}", remedy=f"Dispute it in the export of {later}.")
    return found
