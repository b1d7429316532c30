"""What a face shows: a diary, wherever its entries are kept, and the changes that may be asked of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Protocol

from workdiary.clock import system_clock
from workdiary.desk import desk
from workdiary.desk.reader import Reader, parse_id
from workdiary.desk.reviews import answers
from workdiary.errors import StorageError
from workdiary.journal import read
from workdiary.journal.images import open_image
from workdiary.link import client
from workdiary.review.store import Reviews
from workdiary.slots import day_of, slot_of, week_name, week_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from workdiary.desk.reviews import Answer
    from workdiary.diary.model import Image, Segment, Since, Week
    from workdiary.diary.rules import Rules
    from workdiary.journal.keys import Keys
    from workdiary.paths import Home
    from workdiary.uploader import Uploader


#: A folded week is about a megabyte.
KEPT_WEEKS = 12


class Book(Protocol):
    """A diary to read and to change. Methods may be called from any thread.

    The journal on this machine is one (``LocalBook``), a received export another; a server's will be a third.
    """

    @property
    def may_change(self) -> bool:
        """Whether ``change`` can be asked at all."""

    def terms(self) -> Mapping[str, Sequence[Since]]:
        """Return the history of terms of every contract."""

    def weeks(self, contract: str) -> range:
        """Return the weeks from the first to the last that hold something; empty without any."""

    def week(self, contract: str, number: int) -> Week:
        """Return a contract's week, billed and judged; RuleError if it is by a rule that is not installed."""

    def segment(self, segment_id: str) -> Segment:
        """Return one segment; UsageError if there is none of this id."""

    def picture(self, image: Image) -> bytes:
        """Return the picture itself; StorageError if it is missing, damaged, or sealed to somebody else."""

    @property
    def rules(self) -> Rules:
        """The billing and protection rules that are installed."""

    def logged(self, slots: range) -> Collection[int]:
        """Return those of *slots* in which any contract logged something, deleted or not."""

    def foresee(self, contract: str, number: int, segments: Sequence[str], *, keep_time: bool) -> Week:
        """Return the week as it would be without these of its segments, or without their images."""

    def export(self, contract: str, number: int, *, images: bool) -> bytes:
        """Return a contract's week as a file that proves itself; UsageError if there is nothing in it."""

    def delivered(self, segment_id: str) -> Mapping[str, str]:
        """Return for each backend ``sent``, ``waiting``, or why it refused the segment."""

    def reviews(self, contract: str, number: int) -> Sequence[Answer]:
        """Return what the client answered to a week, what is in force first; nothing if there is no answer."""

    def status(self) -> dict[str, Any]:
        """Return what ``workdiary status --json`` prints."""

    def change(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Carry out a change of ``desk.changes``; RuleError or UsageError if it is refused."""


class LocalBook:
    """The journal on this machine, beside a running tracker or without one.

    :param uploaders: called when a change is made without a tracker.
    """

    may_change = True

    def __init__(self, home: Home, rules: Rules, uploaders: Callable[[], Sequence[Uploader]] = tuple) -> None:
        self._home = home
        self.rules = rules
        self._uploaders = uploaders
        self._lock = threading.RLock()
        self._reader: Reader | None = None
        self._seen: object = None
        self._kept: OrderedDict[tuple[str, int], Week] = OrderedDict()
        self._answers: dict[tuple[str, int], tuple[list[str], list[Answer]]] = {}
        self._terms: Mapping[str, Sequence[Since]] | None = None
        self._stopped: dict[date, dict[str, Any]] = {}
        self._last: object = None
        self._keys: Keys | None = None

    def terms(self) -> Mapping[str, Sequence[Since]]:
        """Return the history of terms of every contract."""
        with self._lock:
            if not self._home.journal.exists():
                return {}
            reader = self._fresh()
            if self._terms is None:
                self._terms = reader.terms()
            return self._terms

    def weeks(self, contract: str) -> range:
        """Return the weeks from the first to the last that hold something; empty without any."""
        with self._lock:
            slots = read.slots_of(self._fresh().connection, contract)
        return range(week_of(slots[0]), week_of(slots[1]) + 1) if slots else range(0)

    def week(self, contract: str, number: int) -> Week:
        """Return a contract's week; one that was folded already, if nothing was written since."""
        with self._lock:
            reader = self._fresh()
            if (contract, number) not in self._kept:
                self._kept[contract, number] = reader.week(contract, number)
                while len(self._kept) > KEPT_WEEKS:
                    self._kept.popitem(last=False)
            self._kept.move_to_end((contract, number))
            return self._kept[contract, number]

    def segment(self, segment_id: str) -> Segment:
        """Return one segment; UsageError if there is none of this id."""
        with self._lock:
            return self._fresh().segment(segment_id, self.week)

    def picture(self, image: Image) -> bytes:
        """Return the picture itself; StorageError if it is missing, damaged, or sealed to another key."""
        return open_image(self._home.blobs, image.sha256, self._open_keys())

    def logged(self, slots: range) -> Collection[int]:
        """Return those of *slots* in which any contract logged something, deleted or not."""
        with self._lock:
            return read.logged(self._fresh().connection, slots) if self._home.journal.exists() else ()

    def foresee(self, contract: str, number: int, segments: Sequence[str], *, keep_time: bool) -> Week:
        """Return the week as it would be without these of its segments, or without their images."""
        with self._lock:
            return self._fresh().foresee(contract, number, segments, keep_time=keep_time, at_ms=system_clock().wall)

    def export(self, contract: str, number: int, *, images: bool) -> bytes:
        """Return a contract's week as a file that proves itself; UsageError if there is nothing in it."""
        from workdiary.desk.proofs import bundle

        with self._lock:
            return bundle(
                self._fresh(), self.rules, self._open_keys(), self._home.blobs,
                contract=contract, number=number, images=images,
            )  # fmt: skip

    def delivered(self, segment_id: str) -> Mapping[str, str]:
        """Return for each backend ``sent``, ``waiting``, or why it refused the segment."""
        from workdiary.delivery import queue

        contract, seq = parse_id(segment_id)
        with self._lock:
            return queue.delivered(self._fresh().connection, contract, seq)

    def reviews(self, contract: str, number: int) -> Sequence[Answer]:
        """Return what the client answered to a week; checked again when a file or the journal has changed."""
        with self._lock:
            reader = self._fresh()
            names = Reviews(self._home.reviews).names(contract, week_name(number))
            kept = self._answers.get((contract, number))
            if kept is None or kept[0] != names:
                kept = (names, answers(self._home, reader, self.rules, contract, week_name(number)) if names else [])
                self._answers[contract, number] = kept
            return kept[1]

    def status(self) -> dict[str, Any]:
        """Return what ``workdiary status --json`` prints."""
        try:
            answer: dict[str, Any] = client.ask(self._home.socket, "status")
        except client.NotRunningError:
            return self._stopped_status(system_clock().wall)
        return answer

    def change(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Carry out a change by the running tracker, or under its lock."""
        return desk.change(self._home, self.rules, name, uploaders=self._uploaders, **arguments)

    def _stopped_status(self, wall_ms: int) -> dict[str, Any]:
        """Return what a tracker that does not run would say; its sums change with a new entry and a new day."""
        from workdiary.tracker.status import stopped_status

        today = day_of(slot_of(wall_ms))
        with self._lock:
            reader = self._fresh() if self._home.journal.exists() else None
            if today not in self._stopped:
                self._stopped = {today: stopped_status(reader, wall_ms)}
            return dict(self._stopped[today])

    def _fresh(self) -> Reader:
        """Return the reader; what was kept is forgotten when another process has written. Called under the lock."""
        if self._reader is None:
            self._reader = Reader.open(self._home, self.rules)
        seen = self._reader.connection.pragma("data_version")
        if seen is None:
            raise StorageError("the journal cannot be read", remedy="See: workdiary doctor")
        if seen != self._seen:  # the tracker saves its open segment every second: that changes no entry
            last = read.last_digest(self._reader.connection)
            if last != self._last:
                self._kept.clear()
                self._answers.clear()
                self._stopped.clear()
                self._terms = None
            self._seen, self._last = seen, last
        return self._reader

    def _open_keys(self) -> Keys:
        if self._keys is None:
            self._keys = desk.open_keys(self._home)
        return self._keys
