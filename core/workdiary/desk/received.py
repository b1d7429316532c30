"""A received export as a diary: read from memory, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.diary.model import Log
from workdiary.diary.week import week as bill_week
from workdiary.errors import BundleError, RuleError, StorageError, UsageError
from workdiary.journal.age import open_with
from workdiary.proof.bundle import read_file
from workdiary.proof.verify import receive
from workdiary.proof.words import in_words
from workdiary.review.make import make_review, require_answerable
from workdiary.slots import parse_week, week_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from workdiary.desk.reviews import Answer
    from workdiary.diary.model import Image, Segment, Since, Week
    from workdiary.diary.rules import Rules
    from workdiary.journal.keys import Keys
    from workdiary.proof.verify import Received
    from workdiary.review.form import Review

_READ_ONLY = "this is a received record: it cannot be changed here"
_INSTEAD = "Dispute what you do not accept; the freelancer alone can change it."


class ReceivedBook:
    """One week of one contract, out of an export. ``report`` and ``words`` say what its verification found.

    :param keys: gives the keys of whoever looks, with which ``answer`` signs.
    :raises BundleError: the file cannot be read, or contradicts itself so that no diary can be shown.
    """

    may_change = False

    def __init__(self, source: Path | bytes, rules: Rules, keys: Callable[[], Keys]) -> None:
        self.rules = rules
        self._keys = keys
        self._data = source if isinstance(source, bytes) else _read(source)
        self.report, received = receive(self._data, rules)
        self.words = in_words(self.report)
        if received is None:
            found = " ".join((self.words.headline, *self.words.findings))
            raise BundleError(found, remedy=self.words.remedy)
        self.received: Received = received
        self.contract = received.claim.contract
        self.number = parse_week(received.claim.week)
        self._week = bill_week(received.log, self.number, self.contract, rules)

    def terms(self) -> Mapping[str, Sequence[Since]]:
        """Return the history of terms of the one contract, as far as the export tells it."""
        return self.received.log.terms

    def weeks(self, contract: str) -> range:
        """Return the one week; empty for any other contract."""
        return range(self.number, self.number + 1) if contract == self.contract else range(0)

    def week(self, contract: str, number: int) -> Week:
        """Return the week of the export; any other has nothing in it here."""
        self._require(contract)
        if number == self.number:
            return self._week
        return bill_week(Log(segments=(), gaps=(), terms=self.received.log.terms), number, contract, self.rules)

    def segment(self, segment_id: str) -> Segment:
        """Return one segment; UsageError if there is none of this id."""
        for one in (*self._week.segments, *self._week.carried):
            if one.id == segment_id:
                return one
        raise UsageError(f'there is no segment "{segment_id}" in this export', remedy="Go back to the week.")

    def picture(self, image: Image) -> bytes:
        """Return the picture, which is the one that was recorded; StorageError if it or its key was not sent."""
        sealed, key = (kept.get(image.sha256) for kept in (self.received.blobs, self.received.keys))
        if sealed is None or key is None:
            there = "is not in this file" if sealed is None else "is in this file, but sealed to its owner's key"
            raise StorageError(f"the picture {there}", remedy="Ask the freelancer to export the week with --images.")
        try:
            return open_with(sealed, bytes.fromhex(key.decode()))
        except ValueError as error:
            raise StorageError(f"the picture cannot be opened: {error}", remedy="workdiary verify FILE") from None

    def answer(self, disputed: Mapping[str, str], *, name: str, at_ms: int) -> Review:
        """Return the signed answer: the week is approved, but for the segments that are disputed with a reason.

        :raises RuleError: the export contradicts itself.
        :raises UsageError: a segment cannot be disputed, or a text cannot be written.
        """
        require_answerable(self.report)
        keys = self._keys()
        return make_review(
            self.received, self.rules, disputed, name=name, public=keys.public, sign=keys.sign, at_ms=at_ms
        )

    def logged(self, slots: range) -> Collection[int]:
        """Return those of *slots* in which something was logged, deleted or not."""
        return {one.slot for one in self._week.segments if one.slot in slots}

    def foresee(self, contract: str, number: int, segments: Sequence[str], *, keep_time: bool) -> Week:  # noqa: ARG002  # of the protocol
        """Raise RuleError: nothing can be changed."""
        raise RuleError(_READ_ONLY, remedy=_INSTEAD)

    def export(self, contract: str, number: int, *, images: bool) -> bytes:  # noqa: ARG002  # as it was received
        """Return the file itself; UsageError if another week is asked for."""
        self._require(contract)
        if number != self.number:
            raise UsageError(f"this record holds {week_name(self.number)} alone", remedy="Export that week.")
        return self._data

    def delivered(self, segment_id: str) -> Mapping[str, str]:  # noqa: ARG002  # of the protocol
        """Return nothing: a received record is delivered nowhere."""
        return {}

    def reviews(self, contract: str, number: int) -> Sequence[Answer]:  # noqa: ARG002  # of the protocol
        """Return nothing: the answer to this record is made here, and kept by its owner."""
        return ()

    def status(self) -> dict[str, Any]:
        """Return that nothing is tracked."""
        from workdiary.tracker.status import stopped_status

        return stopped_status(None, 0)

    def change(self, name: str, **arguments: Any) -> dict[str, Any]:  # noqa: ARG002  # of the protocol
        """Raise RuleError: nothing can be changed."""
        raise RuleError(_READ_ONLY, remedy=_INSTEAD)

    def _require(self, contract: str) -> None:
        if contract != self.contract:
            raise UsageError(f'there is no contract "{contract}" in this record', remedy=f"It is of {self.contract}.")


def _read(path: Path) -> bytes:
    try:
        return read_file(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", remedy="Is it the right name?") from None
