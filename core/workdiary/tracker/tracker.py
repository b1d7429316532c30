"""What the tracker does at a tick and on a command. It owns the session; the loop around it owns time and sockets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec

from workdiary.delivery.queue import left_out
from workdiary.diary.text import require_text
from workdiary.errors import RuleError, StorageError
from workdiary.journal.entry import Segment
from workdiary.payloads import Event, EventKind
from workdiary.record.account import LOCKED, RESTARTED
from workdiary.record.schedule import LONGEST_MS, Schedule
from workdiary.record.state import State
from workdiary.slots import MINUTE_MS, iso
from workdiary.tracker import history
from workdiary.tracker.commands import Commands
from workdiary.tracker.notices import Notices
from workdiary.tracker.sampler import Sampler
from workdiary.tracker.saving import Saving
from workdiary.tracker.shots import Shots
from workdiary.tracker.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.clock import ClockSource, Reading
    from workdiary.config import Settings
    from workdiary.delivery.delivery import Delivery
    from workdiary.diary.rules import Rules
    from workdiary.diary.terms import Terms
    from workdiary.journal.keeper import Keeper
    from workdiary.paths import Home
    from workdiary.plugins.manager import Plugins
    from workdiary.record.recorder import Recorder

RESUME_MS = 60_000


class Tracker(Commands):
    """One session at a time on one contract."""

    def __init__(
        self,
        home: Home,
        settings: Settings,
        keeper: Keeper,
        plugins: Plugins,
        delivery: Delivery,
        rules: Rules,
        clock: ClockSource,
    ) -> None:
        self.keeper = keeper
        self.plugins = plugins
        self.delivery = delivery
        self.recorder: Recorder | None = None
        self.terms: Terms | None = None
        self.closed = ""  #: what ``take_up`` had to close, in words
        self.shots = Shots(plugins, settings.snapshot, recipient=keeper.journal.keys.recipient, blobs=str(home.blobs))
        self.notices = Notices(plugins, delivery, settings.snapshot.review_seconds, lambda: self.wall_ms)
        self.sampler = Sampler(plugins)
        self._watch = Watch(plugins, rules, self.tell)
        self.on_event: Callable[[Event], None] = lambda _event: None
        self._clock = clock
        self._schedule = Schedule(clock().mono)
        self._saving = Saving(keeper, self.tell)
        self._care_minute = 0

    def start(self, contract: str, memo: str) -> None:
        """Begin a session. RuleError: there is one, or the contract does not allow it."""
        require_text("memo", memo)
        if self.recorder is not None:
            raise RuleError(
                f"{self.recorder.state.contract} is being tracked already",
                remedy=f"workdiary switch {contract}, or workdiary stop first",
            )
        now = self._clock()
        self.terms = history.open_terms(self.keeper.journal.connection, contract)
        state = State(
            session=os.urandom(8).hex(), contract=contract, memo=memo, paused=False, last=now, position=now.wall
        )
        self.recorder = history.recorder(self.keeper, self.plugins, state)
        self._follow_terms()
        self.recorder.start()
        self.recorder.tick(now, self.sampler.take(now), LONGEST_MS)
        self._store(now)
        self._plan(now, busy=True)
        self.tell(EventKind.STARTED, f"tracking {contract}")

    def take_up(self) -> str:
        """Go on with the session that a killed tracker left and return its contract; or close it at its last tick."""
        saved = self.keeper.journal.saved_state()
        if not saved:
            return ""
        state = msgspec.json.decode(saved, type=State)
        now = self._clock()
        self.recorder = history.recorder(self.keeper, self.plugins, state)
        if not self._can_go_on(state, now):
            self.recorder.abandon(RESTARTED, now)
            self._close(now)
            self.closed = f"the session on {state.contract} ended at its last tick, {iso(state.last.wall)}"
            self.tell(EventKind.STOPPED, f"{self.closed}: the tracker was not running since", state.contract)
            return ""
        self._follow_terms()
        self.recorder.idle.remind()  # whoever showed the question is gone
        if not state.paused:
            self.recorder.restart(now)
            self.recorder.tick(now, self.sampler.take(now), LONGEST_MS)
        self._store(now)
        self._plan(now, busy=True)
        return state.contract

    def _can_go_on(self, state: State, now: Reading) -> bool:
        if now.boot_id != state.last.boot_id or not 0 <= now.boot - state.last.boot < RESUME_MS:
            return False
        try:
            self.terms = history.open_terms(self.keeper.journal.connection, state.contract)
        except RuleError:  # the contract was ended meanwhile
            return False
        return True

    @property
    def wall_ms(self) -> int:
        """The present time, ms since 1970."""
        return self._clock().wall

    def readings(self) -> dict[str, dict[str, Any]]:
        """Return who told each field last, how long ago, and why one is unknown."""
        return self.sampler.told.view(self._clock().mono)

    def queue(self) -> list[dict[str, Any]]:
        """Return what waits for each backend, and which are left out."""
        return [*self.delivery.summary(), *left_out(self.plugins.status())]

    @property
    def next_ms(self) -> int | None:
        """When ``tick`` wants to be called next, monotonic; None while nothing is tracked."""
        return None if self.recorder is None else self._schedule.next_ms

    def hasten(self) -> None:
        """A source says that something happened after quiet."""
        self._schedule.hasten()

    def tick(self) -> None:
        """Sample, account, begin what is due, save."""
        recorder = self._session()
        now = self._clock()
        sample = self.sampler.take(now)
        self._follow_lock(recorder)
        recorder.tick(now, sample, LONGEST_MS)
        for due in recorder.take_due():
            self.shots.begin(
                due,
                wall_ms=now.wall,
                contract=recorder.state.contract,
                monitors=self.terms.snapshots if self.terms else "active",
                no_image=self._no_image(),
            )
        self._store(now, passing=True)
        self._care(now)
        self._plan(now, busy=self.sampler.busy)

    def poll_shots(self) -> None:
        """Take in a snapshot that has come back."""
        now = self._clock()
        ended = self.shots.poll(now.mono)
        if ended is None or self.recorder is None:
            return
        self.notices.snapshot(ended, self.recorder.state)
        self.recorder.attach(ended.slot, ended.shot)
        self._store(now)
        if ended.shot.images:
            self.tell(EventKind.SNAPSHOT_TAKEN, f"{len(ended.shot.images)} image(s)")
        else:
            self.tell(EventKind.SNAPSHOT_MISSED, f"no image: {ended.shot.missing}")

    def tell(self, kind: EventKind, text: str, contract: str = "") -> None:
        """Tell observers, and whoever watches, what has happened."""
        contract = contract or (self.recorder.state.contract if self.recorder else "")
        event = Event(kind=kind, wall_ms=self._clock().wall, contract=contract, text=text)
        self.plugins.observe(event)
        self.on_event(event)
        self.notices.event(event)

    def _session(self) -> Recorder:
        if self.recorder is None:
            raise RuleError("nothing is being tracked", remedy="workdiary start CONTRACT")
        return self.recorder

    def _no_image(self) -> str:
        if self.terms is not None and self.terms.snapshots == "none":
            return "the contract takes no snapshots"
        return "the disk is nearly full" if self.keeper.is_short_of_space else ""

    def _follow_lock(self, recorder: Recorder) -> None:
        """A locked screen pauses, an unlocked one resumes what the lock has paused; not to know changes nothing."""
        if self.sampler.locked is True and not recorder.state.paused:
            self.pause(LOCKED)
        elif self.sampler.locked is False and recorder.state.paused and recorder.state.pause_reason == LOCKED:
            self.resume()

    def _plan(self, now: Reading, *, busy: bool) -> None:
        """Plan the next tick; the session's own time stands still while it is paused."""
        recorder = self._session()
        position = now.wall if recorder.state.paused else recorder.state.position
        self._schedule.ticked(now.mono, position, recorder.next_due_ms(), busy=busy)

    def _close(self, now: Reading) -> None:
        self.shots.stop()
        self._store(now, final=True)
        self.recorder, self.terms = None, None

    def _store(self, now: Reading, *, final: bool = False, passing: bool = False) -> None:
        """Append what is new and save the open segment, in one transaction; *passing*: only if it is worth a write."""
        recorder = self._session()
        if passing and not recorder.outbox and not recorder.idle.told and not self._is_news(now):
            return
        try:
            news = self._saving.write(recorder, now, final=final)
        except StorageError:
            self.shots.stop()
            self.recorder = None
            raise
        if news:
            self.delivery.poke()
        told, recorder.idle.told = recorder.idle.told, []
        for kind, text in told:
            self.tell(kind, text)
        if any(draft.deleted for draft in news):
            self.keeper.erase_leftovers()
        sealed = [draft for draft in news if draft.type is Segment and not draft.deleted]
        if sealed:
            self.tell(EventKind.SEGMENT_SEALED, "ten minutes are in the diary")
            self._watch.memos(sealed)
            self._watch.limit(self.keeper.journal.connection, recorder.state.contract, now.wall)

    def _is_news(self, now: Reading) -> bool:
        """Counts are worth a write each second, passing time alone one a minute."""
        return self.sampler.busy or now.mono // MINUTE_MS != self._care_minute

    def _care(self, now: Reading) -> None:
        minute = now.mono // MINUTE_MS
        if minute != self._care_minute:
            self._care_minute = minute
            self.keeper.care()
            self._watch.plugins()
            self._watch.disk(self.keeper)
            self._watch.lock(self.keeper.journal.connection, now.wall)
