"""Puts the tracker together and runs it."""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Self

from workdiary import config
from workdiary.clock import system_clock
from workdiary.delivery.delivery import Delivery
from workdiary.desk.desk import carry_out, open_keys
from workdiary.diary.rules import Rules
from workdiary.errors import UsageError, WorkdiaryError
from workdiary.journal import recover
from workdiary.journal.keeper import Keeper
from workdiary.link.lock import Lock
from workdiary.paths import Home
from workdiary.payloads import EventKind
from workdiary.plugins.manager import Plugins
from workdiary.process import no_core_dumps
from workdiary.tracker.control import ControlServer
from workdiary.tracker.discard import discard
from workdiary.tracker.loop import Loop
from workdiary.tracker.status import tracker_status
from workdiary.tracker.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.payloads import Event


class NothingToTakeUpError(UsageError):
    """No session was interrupted less than a minute ago."""


class Service:
    """The whole tracker, from lock to socket. Use as a context manager."""

    def __init__(self, home: Home, *, safe_mode: bool = False) -> None:
        no_core_dumps()
        home.prepare()
        self.home = home
        self._stack = ExitStack()
        with self._stack:
            self._stack.enter_context(Lock(home))
            settings = config.load(home.config_file)
            keys = open_keys(home)
            self.recovered = recover.mend(home, keys)
            self.loop = Loop()
            self._stack.callback(self.loop.close)
            keeper = Keeper(home, keys)
            self._stack.callback(keeper.close)
            plugins = Plugins.load(settings, home, wake=self.loop.wake, safe_mode=safe_mode)
            self._stack.callback(plugins.stop)
            self.rules = Rules.of(plugins.billing_rules(), plugins.protection_rules())
            delivery = Delivery(
                home.journal, keys, home.blobs, plugins.uploaders(), review_seconds=settings.snapshot.review_seconds
            )
            delivery.start()
            self._stack.callback(delivery.stop, 2.0)
            self.tracker = Tracker(home, settings, keeper, plugins, delivery, self.rules, system_clock)
            keeper.erase_leftovers()
            keeper.sweep()
            self._stack = self._stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, contract: str, memo: str, *, on_event: Callable[[Event], None], each: Callable[[], None]) -> None:
        """Track until stopped. Without a contract the session that a killed tracker left is taken up."""
        self.tracker.on_event = on_event
        self._begin(contract, memo)
        control = ControlServer(self.home.socket, self.loop.selector, self.answer)

        def tell(event: Event) -> None:
            on_event(event)
            control.tell(event)

        self.tracker.on_event = tell
        self.loop.on_signals(self._on_signal)
        gc.collect()
        gc.freeze()
        try:
            self.loop.run(self.tracker, each)
            if self.tracker.recorder is not None:
                self.tracker.stop()
        finally:
            control.close()

    def _begin(self, contract: str, memo: str) -> None:
        if contract:
            self.tracker.require_trackable(contract, memo)
        self.tracker.sampler.settle(system_clock())
        taken_up = self.tracker.take_up()
        if not taken_up:
            if not contract:
                was = f": {self.tracker.closed}" if self.tracker.closed else ""
                raise NothingToTakeUpError(f"there is no session to go on with{was}", remedy="workdiary start CONTRACT")
            self.tracker.start(contract, memo)
        elif contract and contract != taken_up:
            self.tracker.switch(contract, memo)
        elif memo:
            self.tracker.set_memo(memo)

    def _on_signal(self, _number: int) -> None:
        self.loop.done = True

    def answer(self, command: str, arguments: dict[str, Any]) -> Any:
        """Carry out one command of a client; those that change the session answer with its status."""
        tracker = self.tracker
        match command:
            case "plugins":
                return [asdict(one) for one in tracker.plugins.status()]
            case "queue":
                return tracker.queue()
            case "stop":
                status = tracker_status(tracker, self.rules)
                tracker.stop()
                return {**status, "state": "stopped", "open_segment": None}
            case "change" | "discard":
                return self._change(command, arguments)
            case "retry":
                return tracker.delivery.retry(str(arguments["uploader"]))
        self._steer(command, arguments)
        return tracker_status(tracker, self.rules)

    def _change(self, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
        tracker = self.tracker
        if command == "discard":
            done = discard(tracker, self.rules, **arguments)
            return {**tracker_status(tracker, self.rules), "discarded": done}
        name, values = str(arguments["name"]), dict(arguments["arguments"])
        done = carry_out(tracker.keeper, self.rules, name, values, wall_ms=tracker.wall_ms)
        tracker.delivery.poke()
        tracker.refresh_terms()
        tracker.tell(EventKind.DIARY_CHANGED, name)
        return done

    def _steer(self, command: str, arguments: dict[str, Any]) -> None:
        match command:
            case "status":
                pass
            case "pause":
                self.tracker.pause()
            case "resume":
                self.tracker.resume()
            case "memo":
                self.tracker.set_memo(str(arguments["memo"]))
            case "idle":
                self.tracker.answer_idle(str(arguments["answer"]), str(arguments.get("memo", "")))
            case "switch":
                self.tracker.switch(str(arguments["contract"]), str(arguments["memo"]))
            case _:
                raise UsageError(
                    f'there is no command "{command}"', remedy="Is the command line as new as the tracker?"
                )


def main(arguments: list[str]) -> int:
    """Run in the background: errors before the socket is up go to standard error."""
    memo = ""
    if arguments[:1] == ["--memo"]:
        memo, arguments = json.load(sys.stdin), arguments[1:]
    contract = arguments[0] if arguments else ""
    os.umask(0o077)
    try:
        with Service(Home.find(os.environ)) as service:
            service.run(contract, memo, on_event=lambda _event: None, each=lambda: None)
    except WorkdiaryError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the parent shows it
        return error.exit_code
    return 0
