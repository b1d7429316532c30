"""The thread that watches a desktop, and what it knows at any moment."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Unknown

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable
    from contextlib import AbstractContextManager

FIRST_WAIT = 0.2  #: seconds that the first reading may wait for a desktop that is busy
FIRST_PAUSE = 1.0  #: seconds before the first attempt to connect again
LONGEST_PAUSE = 30.0
T = TypeVar("T")


class Session(Protocol):
    """One connection to a desktop. ``turn`` belongs to the watching thread, the rest to whoever holds the lock."""

    def turn(self, lock: AbstractContextManager[object]) -> bool:
        """Wait until something happens and take it in under the lock; true if it is worth an early tick.

        Any error ends the session.
        """

    def interrupt(self) -> None:
        """Make a ``turn`` that waits raise."""

    def close(self) -> None:
        """Close the connection."""


S = TypeVar("S", bound=Session)


class Watcher(Generic[S]):
    """Watch in a thread of its own, connect again when the desktop comes back, and answer from memory.

    :param name: of the desktop, for people.
    :param connect: returns a session; OSError or WorkdiaryError: the desktop is not there.
    :param wake: called when a turn was worth an early tick.
    :param first: a session that is open already, where the plugin's start had to know whether there is one.
    """

    def __init__(
        self,
        name: str,
        connect: Callable[[], S],
        wake: Callable[[], None],
        log: logging.Logger,
        *,
        first: S | None = None,
    ) -> None:
        self._gone = Unknown(reason=f"{name} went away")
        self._not_yet = Unknown(reason=f"{name} has not answered yet")
        self._name = name
        self._open = connect
        self._wake = wake
        self._log = log
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._session = first
        self._asked = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self._thread.start()
        self._asked.wait(FIRST_WAIT)

    def read(self, ask: Callable[[S], T]) -> T | Unknown:
        """Return what the session knows; Unknown while there is none."""
        with self._lock:
            if self._session is not None:
                return ask(self._session)
        return self._gone if self._asked.is_set() else self._not_yet

    def stop(self) -> None:
        """End the thread and close the connection. May be called twice."""
        with self._lock:
            self._stopping.set()
            if self._session is not None:
                self._session.interrupt()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        if self._session is None:
            self._connect()
        self._asked.set()
        while not self._stopping.is_set():
            if self._session is None:
                self._reconnect()
            else:
                self._watch(self._session)
        if self._session is not None:
            self._session.close()  # it came while stopping

    def _watch(self, session: S) -> None:
        try:
            while not self._stopping.is_set():
                if session.turn(self._lock):
                    self._wake()
        except Exception as error:  # whatever it is, numbers that no longer move must not look like quiet
            if not self._stopping.is_set():
                self._log.warning("lost %s (%s)", self._name, type(error).__name__)
        with self._lock:
            self._session = None
            session.close()

    def _reconnect(self) -> None:
        pause = FIRST_PAUSE
        while self._session is None and not self._stopping.wait(pause):
            self._connect()
            pause = min(2 * pause, LONGEST_PAUSE)
        if self._session is not None:
            self._log.info("connected to %s again", self._name)
            self._wake()

    def _connect(self) -> None:
        try:
            session = self._open()
        except (OSError, WorkdiaryError):
            return
        with self._lock:
            self._session = session
