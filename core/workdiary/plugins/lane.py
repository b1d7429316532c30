"""One daemon thread for one plugin: a hung plugin delays nobody, not even the end of the program."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary.plugins.contract import TAKE_CONTEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workdiary.context import PluginContext


@dataclass(frozen=True, slots=True)
class Failure:
    """A call without an answer. ``what`` is safe to show: an error's type, never its message."""

    what: str
    message: str = ""  #: only ever shown for a failed start
    sat_out: bool = False  #: the plugin was not called at all
    fatal: bool = False  #: the plugin's process is gone; it has to start again
    not_here: bool = False  #: the plugin is for another desktop or machine: no fault


class Lane(Protocol):
    """The place where one plugin's calls run, one at a time."""

    kind: str

    @property
    def stuck(self) -> bool:
        """Has a call overrun that has not returned yet?"""

    def call(self, hook: str, argument: Any, budget: float) -> Any:
        """Return the hook's answer, or a Failure when it raised or took more than *budget* seconds."""

    def close(self, within: float) -> None:
        """Let go of the lane, waiting at most *within* seconds. May come twice."""


class Job:
    """One call on its way through a lane. Who waited no longer for it never looks at it again."""

    __slots__ = ("_done", "answer", "argument", "hook", "late")

    def __init__(self, hook: str, argument: Any) -> None:
        self.hook = hook
        self.argument = argument
        self.answer: Any = None
        self.late = False  #: nobody waits for it any more
        self._done = threading.Lock()
        self._done.acquire()

    def finish(self, answer: Any) -> None:
        """Hand the answer over. Called once."""
        self.answer = answer
        self.argument = None
        self._done.release()

    def wait(self, seconds: float) -> bool:
        """Wait for the answer; whether it came in time."""
        return self._done.acquire(timeout=seconds)


class Turnstile:
    """Let one call at a time through; none while an overrunning one has not returned."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._running: Job | None = None
        self._ending = threading.Lock()

    def run(self, job: Job, post: Callable[[Job], None], budget: float) -> Any:
        """Post the job and wait for its answer, at most *budget* seconds for each of turn and answer."""
        if not self._turn.acquire(timeout=budget):
            return BUSY
        try:
            if self._running is not None:
                return BUSY
            self._running = job
            post(job)
            if job.wait(budget):
                return job.answer
            job.late = True
            return Failure(f"took longer than {budget:g} s")
        finally:
            self._turn.release()

    def finish(self, job: Job, answer: Any) -> None:
        """Open for the next, then hand the answer over. Only the first answer counts."""
        with self._ending:
            if self._running is not job:
                return
            self._running = None
        job.finish(answer)

    @property
    def running(self) -> Job | None:
        """The job that has not returned yet."""
        return self._running

    @property
    def stuck(self) -> bool:
        """Has a call overrun that has not returned yet?"""
        job = self._running
        return job is not None and job.late


BUSY = Failure("has not returned from an earlier call", sat_out=True)


class ThreadLane:
    """A lane on a daemon thread of this process. The thread begins with the first call."""

    kind = "thread"

    def __init__(self, name: str, functions: Mapping[str, Callable[[Any], Any]], context: PluginContext) -> None:
        self._name = name
        self._functions = functions
        self._context = context
        self._inbox: SimpleQueue[Job | None] = SimpleQueue()
        self._turnstile = Turnstile()
        self._thread: threading.Thread | None = None

    @property
    def stuck(self) -> bool:
        """Has a call overrun that has not returned yet?"""
        return self._turnstile.stuck

    def call(self, hook: str, argument: Any, budget: float) -> Any:
        """Return the hook's answer, or a Failure."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=f"plugin-{self._name}", daemon=True)
            self._thread.start()
        return self._turnstile.run(Job(hook, argument), self._inbox.put, budget)

    def close(self, within: float) -> None:
        """End the thread, or leave it behind when its call does not return."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._inbox.put(None)
            thread.join(within)

    def _serve(self) -> None:
        while job := self._inbox.get():
            argument = self._context if job.hook in TAKE_CONTEXT else job.argument
            try:
                answer = self._functions[job.hook](argument)
            except BaseException as error:  # SystemExit in a plugin must not end anything
                answer = failure_of(error)
            self._turnstile.finish(job, answer)
            del job, argument, answer  # pixels must not stay alive until the next call


def failure_of(error: BaseException) -> Failure:
    """Return what may be known of an error: its type, and its message for a failed start."""
    return Failure(type(error).__name__, message=text_of(error), not_here=isinstance(error, NotHereError))


def text_of(error: BaseException) -> str:
    """Return the beginning of an error's message on one line, what to do in brackets."""
    try:
        said = str(error)
        if isinstance(error, WorkdiaryError) and error.remedy:
            said = f"{error.message} ({error.remedy.rstrip('.')})"
        text = " ".join(said.split())[:200]
    except BaseException:  # an error may fail to describe itself
        return ""
    return text.encode(errors="replace").decode()
