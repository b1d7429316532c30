"""The tray itself: keeps the view up to date, and carries out what is chosen."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workdiary.errors import RuleError, WorkdiaryError
from workdiary_tray import memo
from workdiary_tray.clock import RunningTime
from workdiary_tray.question import question_of
from workdiary_tray.reminder import Reminder
from workdiary_tray.text import sentence
from workdiary_tray.view import State, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_tray.jobs import Jobs
    from workdiary_tray.loop import Loop
    from workdiary_tray.tracker import TrackerLine

WORKDIARY = (sys.executable, "-m", "workdiary")
FRESH_S = 2.0  #: a menu that is opened twice within it reads the journal once
SILENT = "the tracker does not answer"


class App:
    """Between the tracker and the faces. ``shown`` is called after each change, ``say`` with what cannot wait."""

    def __init__(self, loop: Loop, tracker: TrackerLine, jobs: Jobs, idle_ms: Callable[[], int | None]) -> None:
        self.view = View()
        self.shown: Callable[[], None] = lambda: None
        self.say: Callable[[str], None] = lambda _text: None
        self._loop = loop
        self._tracker = tracker
        self._jobs = jobs
        self._status: dict[str, Any] | None = None
        self._silent = False
        self._asked = self._ask_again = False
        self._reading = self._read_again = False
        self._read_at = float("-inf")
        self._time = RunningTime(loop, self._on_minute)
        self._reminder = Reminder(loop, idle_ms, self._remind)
        tracker.met, tracker.lost, tracker.heard, tracker.silent = self._met, self._lost, self._heard, self._on_silent

    def begin(self) -> None:
        """Find out how things stand, and follow them."""
        self._tracker.begin()
        if not self._tracker.is_connected:
            self._lost()

    def refresh(self) -> None:
        """Look again, as somebody is about to: the menu opens. A tracker tells of changes; without one nobody does."""
        if self._tracker.is_connected:
            self._ask()
        elif time.monotonic() - self._read_at > FRESH_S:
            self._read_diary()

    def act(self, action: str, argument: str) -> None:
        """Carry out an entry of the menu."""
        match action:
            case "quit":
                self._loop.done = True
            case "open":
                self._run(*WORKDIARY, "open")
            case "start":
                self._run(*WORKDIARY, "start", argument)
            case "switch":
                self._tracker.ask("switch", self._answered, contract=argument, memo="")
            case "memo":
                self._tracker.ask("memo", self._answered, memo=argument)
            case "idle":
                self._tracker.ask("idle", self._answered, answer=argument)
            case "write-memo":
                memo.write(self._jobs, lambda text: self.act("memo", text), lambda: self.act("open", ""))
            case "discard":
                self._tracker.ask("status", lambda answer: self._discard(argument, answer))
            case _:  # pause, resume, stop
                self._tracker.ask(action, self._answered)

    def _discard(self, slot: str, answer: Any) -> None:
        """Delete the open segment, if it still is the one that was meant."""
        if not isinstance(answer, WorkdiaryError) and _picture(answer) != slot:
            answer = RuleError("those ten minutes are over", remedy="Delete them in the diary.")
        if isinstance(answer, WorkdiaryError):
            self._answered(answer)
        else:
            self._tracker.ask("discard", self._answered)

    def _remind(self, text: str) -> None:
        self.say(text)

    def _run(self, *command: str) -> None:
        self._jobs.run(command, self._ran)

    def _ran(self, code: int, _out: bytes, err: bytes) -> None:
        self._done("" if code == 0 else err.decode(errors="replace").strip() or f"it ended with exit code {code}")

    def _answered(self, answer: Any) -> None:
        self._done(str(answer) if isinstance(answer, WorkdiaryError) else "")
        if not isinstance(answer, WorkdiaryError):
            self._take(answer)

    def _done(self, refusal: str) -> None:
        refusal = sentence(refusal)
        self._set(refusal=refusal)
        if refusal:
            self.say(refusal)

    def _set(self, **changes: Any) -> None:
        before, self.view = self.view, replace(self.view, **changes)
        if self.view != before:
            self.shown()

    def _met(self) -> None:
        self._ask()
        self._read_diary()

    def _heard(self, event: dict[str, Any]) -> None:
        self._ask()
        if event["kind"] in {"diary-changed", "memo-changed"}:
            self._read_diary()

    def _ask(self) -> None:
        """Ask for the status; once more if something happens meanwhile."""
        self._ask_again = self._asked
        if not self._asked:
            self._asked = True
            self._tracker.ask("status", self._on_status)

    def _on_status(self, answer: Any) -> None:
        self._asked = False
        if isinstance(answer, WorkdiaryError):
            return
        self._take(answer)
        if self._ask_again:
            self._ask()

    def _take(self, status: dict[str, Any]) -> None:
        """Show what the tracker says of itself."""
        if "state" not in status or (status["state"] == "stopped" and not self._tracker.is_connected):
            return
        self._status = status
        state = State(status["state"])
        news = (state, status["contract"] or "") != (self.view.state, self.view.contract)
        self._time.set(status["today_seconds"], status["week_seconds"], runs=state is State.TRACKING)
        self._reminder.rest()
        self._set(
            state=state,
            contract=status["contract"] or "" if state is not State.STOPPED else "",
            memo=status["memo"] or "" if state is not State.STOPPED else "",
            today_s=status["today_seconds"],
            week_s=status["week_seconds"],
            unknown=_unknown(status),
            trouble=SILENT if self._silent else status["trouble"],
            picture=_picture(status),
            question=question_of(status),
            unannounced=(status["notice"] or {}).get("not_noticed") or "",
            refusal="" if news else self.view.refusal,
        )

    def _lost(self) -> None:
        """There is no tracker: nothing is tracked, and what the times are the journal knows."""
        self._status = None
        self._asked = self._ask_again = False
        self._time.set(None, None, runs=False)
        self._set(
            state=State.STOPPED, contract="", memo="", today_s=None, week_s=None, unknown=(), trouble="",
            picture="", unannounced="", question=None,
        )  # fmt: skip
        self._reminder.begin()
        self._read_diary()

    def _on_silent(self, whether: bool) -> None:  # noqa: FBT001  # a callback with one meaning
        self._silent = whether
        self._set(trouble=SILENT if whether else (self._status or {}).get("trouble", ""))

    def _on_minute(self, today_s: int, week_s: int, *, new_day: bool) -> None:
        self._set(today_s=today_s, week_s=week_s)
        if new_day:
            self._ask()

    def _read_diary(self) -> None:
        self._read_again = self._reading
        if not self._reading:
            self._reading = True
            self._read_at = time.monotonic()
            self._jobs.run((sys.executable, "-m", "workdiary_tray.diary"), self._on_diary)

    def _on_diary(self, code: int, out: bytes, err: bytes) -> None:
        self._reading = False
        if code == 0:
            found = json.loads(out)
            changes: dict[str, Any] = {"contracts": {name: tuple(memos) for name, memos in found["contracts"].items()}}
            if not self._tracker.is_connected:
                changes |= {"today_s": found["today_seconds"], "week_s": found["week_seconds"], "trouble": ""}
            self._set(**changes)
        elif not self._tracker.is_connected:
            self._set(trouble=sentence(err.decode(errors="replace")) or "the diary cannot be read")
        if self._read_again:
            self._read_diary()


def _picture(status: dict[str, Any]) -> str:
    """Return the slot that is being recorded, if it has a picture already."""
    segment = status["open_segment"] or {}
    return str(segment["slot"]) if (segment.get("snapshot") or {}).get("images") else ""


def _unknown(status: dict[str, Any]) -> tuple[str, ...]:
    """Return what cannot be seen at present; what has one reason stands on one line."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in ((status["open_segment"] or {}).get("unknown") or {}).items():
        if name != "window":  # it is noted at the snapshot's moment, and not known before
            by_reason.setdefault(reason, []).append(name)
    return tuple(f"{', '.join(names)}: unknown, {reason}" for reason, names in by_reason.items())
