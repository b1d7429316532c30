"""One loaded plugin: start it late, call it on its lane, and let it rest when it fails."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workdiary.plugins.backoff import Backoff
from workdiary.plugins.contract import BUDGETS, TOLERANCE
from workdiary.plugins.lane import BUSY, Failure
from workdiary.plugins.status import PluginStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.plugins.lane import Lane
    from workdiary.plugins.origin import Origin

log = logging.getLogger("workdiary.plugins")

START = "workdiary_start"
STOP = "workdiary_stop"
NOT_HERE_S = 60.0  #: the least rest of a plugin that is not here


class Runner:
    """A plugin and all that is known about how it behaves."""

    def __init__(
        self,
        origin: Origin,
        lane: Lane,
        hooks: frozenset[str],
        *,
        clock: Callable[[], float],
        started: list[Runner],
    ) -> None:
        self.origin = origin
        self.name = origin.name
        self.hooks = hooks
        self.refused = ""  #: why some offer of the plugin was refused
        self._lane = lane
        self._clock = clock
        self._started = started  #: all runners in the order of their starts, for stopping them in reverse
        self._running = False
        self._starting = threading.Lock()
        self._start_backoff = Backoff(1)
        self._backoffs: dict[str, Backoff] = {}
        self._trouble = ""
        self._not_here = False  #: the last start said so
        self._calls = self._failures = 0
        self._slowest = 0.0
        self._last_reading: float | None = None

    def call(self, hook: str, argument: Any = None) -> Any:
        """Return the hook's answer, unchecked, or a Failure; start the plugin first if need be."""
        backoff = self._backoffs.get(hook)
        if backoff is None:
            backoff = self._backoffs[hook] = Backoff(TOLERANCE)
        elif backoff.left(self._clock()) > 0:
            return Failure(f"rests after {TOLERANCE} failures", sat_out=True)
        if not self._running:
            failure = self._start()
            if failure is not None:
                return failure
        answer = self._timed(hook, argument)
        if type(answer) is Failure:
            self.blame(hook, answer)
        return answer

    def praise(self, hook: str, *, reading: bool) -> None:
        """Note a good answer; *reading*: it held a measurement."""
        backoff = self._backoffs.get(hook)
        if backoff is not None:
            backoff.succeed()
        self._start_backoff.succeed()
        if reading:
            self._last_reading = self._clock()

    def blame(self, hook: str, failure: Failure) -> None:
        """Count a failure against the hook; the third in a row makes it rest."""
        if failure.sat_out:
            return
        self._failures += 1
        if failure.fatal:
            self._lost(failure)
            return
        if self._backoffs.setdefault(hook, Backoff(TOLERANCE)).fail(self._clock()):
            self._trouble = f"{hook.removeprefix('workdiary_')} failed {TOLERANCE} times: {failure.what}"
            log.warning("plugin %s rests: %s", self.origin.title, self._trouble)

    def stop(self) -> None:
        """Stop the plugin if it was started, and let go of its lane. May come twice."""
        if self._running:
            self._running = False
            if STOP in self.hooks:
                failure = self._lane.call(STOP, None, BUDGETS[STOP])
                if type(failure) is Failure:
                    log.warning("plugin %s did not stop: %s", self.origin.title, failure.what)
        self._lane.close(within=0.5)

    def status(self) -> PluginStatus:
        """Return how the plugin is doing now."""
        now = self._clock()
        state, reason = self._state(now)
        return PluginStatus(
            name=self.name,
            distribution=self.origin.distribution,
            version=self.origin.version,
            hooks=tuple(sorted(self.hooks)),
            state=state,
            reason=reason or self.refused,
            last_reading=None if self._last_reading is None else now - self._last_reading,
            slowest_ms=round(self._slowest * 1000),
            calls=self._calls,
            failures=self._failures,
            lane=self._lane.kind,
        )

    def _state(self, now: float) -> tuple[str, str]:
        rest = max((backoff.left(now) for backoff in list(self._backoffs.values())), default=0.0)
        if rest > 0:
            return "resting", f"{self._trouble}; next try in {rest:.0f} s"
        if self._lane.stuck:
            return "resting", BUSY.what
        if self._running:
            return "running", ""
        rest = self._start_backoff.left(now)
        if rest > 0 and self._not_here:
            return "not here", self._trouble
        if rest > 0:
            return "left out", f"{self._trouble}; next try in {rest:.0f} s"
        return "idle", ""

    def _start(self) -> Failure | None:
        with self._starting:  # an observer may be told from another thread than the tick's
            return None if self._running else self._start_once()

    def _start_once(self) -> Failure | None:
        if self._start_backoff.left(self._clock()) > 0:
            return Failure(self._trouble, sat_out=True, not_here=self._not_here)
        # A process is begun by its start, which has more time than any other call.
        wanted = START in self.hooks or self._lane.kind == "process"
        failure = self._timed(START, None) if wanted else None
        self._not_here = type(failure) is Failure and failure.not_here
        if type(failure) is not Failure:
            self._running = True
            self._started.append(self)
            return None
        if failure.sat_out:
            return failure
        # A desktop seldom comes later, and each attempt wakes the machine.
        self._start_backoff.fail(self._clock(), NOT_HERE_S if failure.not_here else 0.0)
        self._let_go(failure)
        return self._said_not_here(failure) if failure.not_here else self._could_not_start(failure)

    def _let_go(self, failure: Failure) -> None:
        """A half start may have taken something, and a process that nobody needs would weigh."""
        if STOP in self.hooks and not failure.fatal:
            self._lane.call(STOP, None, BUDGETS[STOP])
        if not self._lane.stuck:
            self._lane.close(within=0.5)

    def _said_not_here(self, failure: Failure) -> Failure:
        self._trouble = failure.message
        return replace(failure, what=failure.message, sat_out=True)

    def _could_not_start(self, failure: Failure) -> Failure:
        self._failures += 1
        text = f"{failure.what}: {failure.message}" if failure.message else failure.what
        self._trouble = f"did not start: {text}"
        log.warning("plugin %s is left out: %s", self.origin.title, self._trouble)
        return Failure(self._trouble)

    def _lost(self, failure: Failure) -> None:
        self._running = False
        if self in self._started:
            self._started.remove(self)
        self._start_backoff.fail(self._clock())
        self._trouble = failure.what
        log.warning("plugin %s is left out: %s", self.origin.title, failure.what)

    def _timed(self, hook: str, argument: Any) -> Any:
        self._calls += 1
        begin = time.monotonic()
        answer = self._lane.call(hook, argument, BUDGETS[hook])
        self._slowest = max(self._slowest, time.monotonic() - begin)
        return answer
