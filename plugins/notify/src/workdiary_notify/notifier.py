"""Keeps account of the notices on the screen, and carries out their buttons."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Action, Check, Notice, NoticeKind, Shown, Unknown
from workdiary_notify.bus import NO_BUS, SILENT, BusError
from workdiary_notify.message import arguments
from workdiary_notify.service import Service

if TYPE_CHECKING:
    from workdiary.context import PluginContext

ANSWER_STAY_MS = 5_000
START_S = 2.0  #: the service may have to be started by the bus
SHOW_S = 0.45  #: within the budget of the hook
QUESTION_S = 86_400.0  #: a question stays until it is answered
MEMORY_S = 600.0  #: a notice that nobody closes is taken off the screen after this, at the latest


@dataclass(frozen=True, kw_only=True)
class _Open:
    notice: Notice
    until: float  #: seconds of the monotonic clock


class Notifier:
    """May be called from any thread. Buttons are carried out on threads of their own: the tracker waits for hooks."""

    def __init__(self) -> None:
        self._context: PluginContext | None = None
        self._service: Service | None = None
        self._lock = threading.Lock()
        self._connecting = threading.Lock()
        self._again = threading.Lock()
        self._open: dict[int, _Open] = {}
        self._lost: list[_Open] = []  #: what a service that died has taken with it
        self._expected = 0.0  #: when a notice that is being shown has stayed long enough

    def start(self, context: PluginContext) -> None:
        """Connect, if there is a service already; else each notice looks for it."""
        self._context = context
        with suppress(BusError):
            self._connected().abilities(START_S)

    def stop(self) -> None:
        """Close what has buttons, and the connection."""
        with self._lock:
            service, self._service = self._service, None
            shown, self._open, self._lost = self._open, {}, []
        if service is not None:
            for number, one in shown.items():
                if one.notice.actions:
                    service.close_notice(number)
            service.close()

    def show(self, notice: Notice) -> Shown | Unknown:
        """Show a notice, with another connection if the bus was restarted."""
        deadline = time.monotonic() + SHOW_S
        if _is_question(notice):
            self.close_questions()
        try:
            self._show(self._connected(), notice, deadline)
        except BusError as error:
            return Unknown(reason=str(error))
        return Shown()

    def close_questions(self) -> None:
        """Take questions off the screen: they are answered, or asked anew."""
        with self._lock:
            asked = [number for number, one in self._open.items() if _is_question(one.notice)]
            for number in asked:
                del self._open[number]
            self._lost = [one for one in self._lost if one.notice.kind is not NoticeKind.IDLE]
            service = self._service
        if service is not None:
            for number in asked:
                service.close_notice(number)

    def _connected(self) -> Service:
        with self._connecting:  # never the lock that the bus's thread needs as well
            if self._service is None or self._service.gone:
                with self._lock:
                    self._open, self._lost = {}, []  # another service counts its notices from the beginning
                self._service = Service(self._on_signal, self._on_restart, self._expire)
            return self._service

    def _show(self, service: Service, notice: Notice, deadline: float, until: float = 0.0) -> None:
        until = until or time.monotonic() + _stay_s(notice)
        self._expected = until
        abilities = service.abilities(max(0.0, deadline - time.monotonic()))
        number, owner = service.notify(arguments(notice, abilities), max(0.0, deadline - time.monotonic()))
        with self._lock:
            if service.owner != owner:  # it has died meanwhile; the number may be another notice's now
                raise BusError(SILENT)
            self._open[number] = _Open(notice=notice, until=until)

    def _on_signal(self, member: str, body: tuple[Any, ...]) -> None:
        if member == "NotificationClosed":
            with self._lock:
                self._open.pop(body[0], None)
        elif member == "ActionInvoked":
            number, key = body
            with self._lock:
                one = self._open.pop(number, None)
            if one is not None and key.isdigit() and int(key) < len(one.notice.actions):
                self._begin(self._press, number, one.notice, one.notice.actions[int(key)])

    def _on_restart(self) -> None:
        """Show again what the service that died has taken with it: its buttons may still be wanted."""
        with self._lock:
            self._lost += self._open.values()
            self._open = {}
        self._begin(self._show_again)

    def _show_again(self) -> None:
        with self._again:  # one after another: what could not be shown now, the next service's turn finds
            with self._lock:
                lost, self._lost = self._lost, []
            now = time.monotonic()
            lost = [one for one in lost if one.notice.actions and one.until > now]
            for index, one in enumerate(lost):
                try:
                    self._show(self._connected(), one.notice, time.monotonic() + START_S, one.until)
                except BusError:  # none has come yet
                    with self._lock:
                        self._lost += lost[index:]
                    return

    def _press(self, number: int, notice: Notice, action: Action) -> None:
        with self._lock:
            service = self._service
        if service is not None:
            service.close_notice(number)
        if action.command and self._context is not None:
            try:
                done = self._context.ask(action.command, **action.arguments)
                title, text = (
                    ("Deleted", _what_was_done(done["discarded"]))
                    if action.command == "discard"
                    else (action.label, "Done.")
                )
            except WorkdiaryError as error:
                title, text = f"{action.label}: not done", " ".join(filter(None, (error.message, error.remedy)))
            self.show(
                Notice(
                    kind=notice.kind, wall_ms=notice.wall_ms, title=title, text=text, stay_ms=ANSWER_STAY_MS,
                )
            )  # fmt: skip

    def _expire(self) -> float | None:
        """Close what has stayed long enough: some services never do. Return the seconds until the next one."""
        now = time.monotonic()
        with self._lock:
            over = [number for number, one in self._open.items() if one.until <= now]
            for number in over:
                del self._open[number]
            service, times = self._service, [one.until for one in self._open.values()]
        if service is not None:
            for number in over:
                service.close_notice(number)
        return min((at - now for at in (*times, self._expected) if at > now), default=None)

    def _begin(self, work: Any, *arguments: Any) -> None:
        threading.Thread(target=work, args=arguments, name="notify-button", daemon=True).start()


def _is_question(notice: Notice) -> bool:
    """Say whether it waits for an answer; the word that comes after one is no question."""
    return notice.kind is NoticeKind.IDLE and bool(notice.actions)


def _stay_s(notice: Notice) -> float:
    if _is_question(notice):
        return QUESTION_S
    return notice.stay_ms / 1000 if notice.stay_ms else MEMORY_S


def _what_was_done(done: dict[str, Any]) -> str:
    minutes, seconds = divmod(int(done["tracked_seconds"]), 60)
    text = f"{minutes}:{seconds:02d} and {done['images']} image(s) are gone for good."
    return text if done["clean"] else f"{text} A reader still holds the last traces."


def checks() -> list[Check]:
    """Ask for the service by a connection of its own."""
    try:
        service = Service(lambda _member, _body: None, lambda: None, lambda: None)
    except BusError as error:
        return [_check(str(error))]
    try:
        return [Check(name="notification service", ok=True, detail=service.who(START_S))]
    except BusError as error:
        return [_check(str(error))]
    finally:
        service.close()


def _check(reason: str) -> Check:
    remedy = "Run it in your desktop." if reason == NO_BUS else "Start one, such as dunst or mako."
    return Check(name="notification service", ok=False, detail=reason, remedy=remedy)
