"""What a person may do to the session that is under way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from workdiary.diary.text import require_text
from workdiary.errors import RuleError, UsageError
from workdiary.payloads import EventKind
from workdiary.record.account import LOCKED, PAUSED
from workdiary.record.idle import FREELANCER
from workdiary.record.schedule import LONGEST_MS
from workdiary.slots import MINUTE_MS
from workdiary.tracker import history

if TYPE_CHECKING:
    from workdiary.clock import ClockSource, Reading
    from workdiary.diary.terms import Terms
    from workdiary.journal.keeper import Keeper
    from workdiary.record.recorder import Recorder
    from workdiary.tracker.sampler import Sampler

IDLE_ANSWERS = ("keep", "discard", "stop")


class Commands(ABC):
    """The commands, over the session that ``Tracker`` keeps."""

    keeper: Keeper
    recorder: Recorder | None
    terms: Terms | None
    sampler: Sampler
    _clock: ClockSource

    @abstractmethod
    def start(self, contract: str, memo: str) -> None:
        """Begin a session."""

    @abstractmethod
    def tell(self, kind: EventKind, text: str, contract: str = "") -> None:
        """Tell observers, and whoever watches, what has happened."""

    @abstractmethod
    def _session(self) -> Recorder: ...

    @abstractmethod
    def _store(self, now: Reading, *, final: bool = False, passing: bool = False) -> None: ...

    @abstractmethod
    def _plan(self, now: Reading, *, busy: bool) -> None: ...

    @abstractmethod
    def _close(self, now: Reading) -> None: ...

    def stop(self, reason: str = "") -> None:
        """End the session at this moment."""
        recorder = self._session()
        now = self._clock()
        recorder.tick(now, self.sampler.take(now), LONGEST_MS)
        recorder.stop(reason, now)
        self._close(now)
        self.tell(EventKind.STOPPED, "stopped" + (f": {reason}" if reason else ""), recorder.state.contract)

    def switch(self, contract: str, memo: str) -> None:
        """Stop here and start there; if that is refused nothing changes."""
        self.require_trackable(contract, memo)
        self.stop("switched")
        self.start(contract, memo)

    def pause(self, reason: str = PAUSED) -> None:
        """Stop crediting; what follows is a gap with *reason*."""
        recorder = self._session()
        now = self._clock()
        if recorder.state.paused:
            if recorder.state.pause_reason == PAUSED:
                raise RuleError("tracking is paused already", remedy="workdiary resume")
            recorder.resume(now, recorder.state.pause_reason)  # from here on it is a pause of one's own
        if reason != LOCKED:  # what was done behind a locked screen is not work: the last tick before it counts
            recorder.tick(now, self.sampler.take(now), LONGEST_MS)
        recorder.pause(reason)
        self._store(now)
        self._plan(now, busy=False)
        self.tell(EventKind.PAUSED, reason)

    def resume(self) -> None:
        """Go on crediting."""
        recorder = self._session()
        if not recorder.state.paused:
            raise RuleError("tracking is not paused", remedy="workdiary status")
        now = self._clock()
        recorder.resume(now, recorder.state.pause_reason or PAUSED)
        recorder.tick(now, self.sampler.take(now), LONGEST_MS)
        self._store(now)
        self._plan(now, busy=True)
        self.tell(EventKind.RESUMED, "tracking again")

    def set_memo(self, memo: str) -> None:
        """Change the memo from the open segment on."""
        require_text("memo", memo)
        self._session().set_memo(memo)
        self._store(self._clock())
        self.tell(EventKind.MEMO_CHANGED, "another memo from now on")

    def require_trackable(self, contract: str, memo: str) -> None:
        """Raise if time cannot be tracked on the contract, or not with this memo."""
        require_text("memo", memo)
        history.open_terms(self.keeper.journal.connection, contract)

    def refresh_terms(self) -> None:
        """Take up changed terms; a contract that was ended stops being tracked."""
        if self.recorder is None:
            return
        contract = self.recorder.state.contract
        try:
            self.terms = history.open_terms(self.keeper.journal.connection, contract)
        except RuleError as error:
            self.stop(error.message)
        self._follow_terms()

    def answer_idle(self, answer: str, memo: str = "") -> None:
        """Say what becomes of the time without input; *memo* is for what is kept.

        RuleError: nothing is asked. UsageError: that is no answer.
        """
        recorder = self._session()
        if answer not in IDLE_ANSWERS:
            raise UsageError(f'"{answer}" is no answer', remedy=f"Answer one of {', '.join(IDLE_ANSWERS)}.")
        if memo and answer != "keep":
            raise UsageError("time that is discarded has no memo", remedy="Leave the memo out, or keep the time.")
        require_text("memo", memo)
        now = self._clock()
        recorder.tick(now, self.sampler.take(now), LONGEST_MS)
        if recorder.state.absence.question is None:
            self._store(now)
            raise RuleError("nothing is asked about time without input", remedy="workdiary status")
        for _, text in recorder.idle.memos(memo):
            require_text("memo", text)
        recorder.answer("keep" if answer == "keep" else "discard", FREELANCER, memo)
        if answer == "stop":
            self.stop("after time without input")
            return
        self._store(now)
        self._plan(now, busy=not recorder.state.paused)

    def _follow_terms(self) -> None:
        """Ask about idle time as the contract says from now on."""
        if self.recorder is not None and self.terms is not None:
            self.recorder.idle.limit_ms = self.terms.idle_minutes * MINUTE_MS
            self.recorder.idle.default = self.terms.idle
