"""What the user must be told at once, and what came of telling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary.payloads import Action, EventKind, Notice, NoticeKind, Unknown
from workdiary.slots import day_of, slot_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from workdiary.delivery.delivery import Delivery
    from workdiary.payloads import Event
    from workdiary.plugins.manager import Plugins
    from workdiary.record.state import State
    from workdiary.tracker.shots import Ended

LEAST_STAY_MS = 10_000
LONGEST_REASON = 200
#: Events that are worth a notice, and its title.
REMINDERS = {
    EventKind.LIMIT_NEAR: (NoticeKind.LIMIT, "The weekly limit is near"),
    EventKind.LIMIT_REACHED: (NoticeKind.LIMIT, "The weekly limit is reached"),
    EventKind.STORAGE_TROUBLE: (NoticeKind.STORAGE_TROUBLE, "Trouble with the disk"),
    EventKind.PLUGIN_CHANGED: (NoticeKind.PLUGIN_CHANGED, "A plugin has changed"),
    EventKind.MEMO_MISSING: (NoticeKind.MEMO_MISSING, "The memo is missing"),
    EventKind.WEEK_LOCKS: (NoticeKind.WEEK_LOCKS, "The week is about to lock"),
}
_RECURRING = {NoticeKind.SNAPSHOT_MISSED, NoticeKind.STORAGE_TROUBLE, NoticeKind.PLUGIN_CHANGED}
IDLE_LABELS = {"keep": "Keep", "discard": "Discard and go on", "stop": "Discard and stop"}


class Notices:
    """Asks the notifiers. No setting switches it off: where nobody can show a notice, that is recorded.

    ``last`` is what came of the last snapshot's notice, for ``status``.
    """

    def __init__(self, plugins: Plugins, delivery: Delivery, review_seconds: int, wall_ms: Callable[[], int]) -> None:
        self._plugins = plugins
        self._delivery = delivery
        self._review_seconds = review_seconds
        self._wall_ms = wall_ms
        self._told: set[tuple[NoticeKind, str, str, date]] = set()
        self.last: dict[str, Any] | None = None

    def snapshot(self, ended: Ended, state: State) -> None:
        """Tell of a snapshot that has just come in, and note beside each of its images what came of it."""
        if not ended.shot.images:
            if ended.wanted:
                self._once(NoticeKind.SNAPSHOT_MISSED, "No screenshot", state.contract, ended.shot.missing)
            return
        answer = self._plugins.notify(self._of(ended, state))
        if isinstance(answer.value, Unknown):
            reason = answer.value.reason.encode(errors="replace").decode()[:LONGEST_REASON]
            self.last = {"not_noticed": reason or "no reason was given"}
        else:
            self.last = {"noticed_at": self._wall_ms(), "noticed_by": answer.plugin}
        for image in ended.shot.images:
            image.update(self.last)

    def event(self, event: Event) -> None:
        """Remind of an event that needs it; what can happen again and again, once a day."""
        if event.kind is EventKind.IDLE_ASKED:
            self._plugins.notify(self._question(event))
        if event.kind in REMINDERS:
            kind, title = REMINDERS[event.kind]
            if kind in _RECURRING:
                self._once(kind, title, event.contract, event.text)
            else:
                self._remind(kind, title, event.contract, event.text)

    def _once(self, kind: NoticeKind, title: str, contract: str, text: str) -> None:
        day = day_of(slot_of(self._wall_ms()))
        subject = (kind, contract, text.partition(":")[0], day)  # behind the colon stand numbers that change
        if subject not in self._told:
            self._told = {one for one in self._told if one[-1] == day} | {subject}
            self._remind(kind, title, contract, text)

    def _remind(self, kind: NoticeKind, title: str, contract: str, text: str) -> None:
        notice = Notice(kind=kind, wall_ms=self._wall_ms(), title=title, contract=contract, text=text)
        self._plugins.notify(notice)

    def _question(self, event: Event) -> Notice:
        return Notice(
            kind=NoticeKind.IDLE,
            wall_ms=event.wall_ms,
            title=f"Were you working? {event.contract}",
            contract=event.contract,
            text=event.text,
            actions=tuple(
                Action(label=IDLE_LABELS[one], command="idle", arguments={"answer": one}) for one in IDLE_LABELS
            ),
        )

    def _of(self, ended: Ended, state: State) -> Notice:
        where: dict[str, str | int] = {
            "contract": state.contract,
            "session": state.session,
            "slot": ended.slot,
            "taken_at": ended.taken_at,
        }
        leaves = f"It leaves this machine in {self._review_seconds} s at the earliest."
        return Notice(
            kind=NoticeKind.SNAPSHOT,
            wall_ms=self._wall_ms(),
            title=f"Screenshot taken: {state.contract}",
            contract=state.contract,
            text=leaves if self._delivery.names else "It stays on this machine.",
            actions=(Action(label="Delete", command="discard", arguments=where), Action(label="Keep")),
            preview=ended.preview,
            stay_ms=max(self._review_seconds * 1000, LEAST_STAY_MS),
        )
