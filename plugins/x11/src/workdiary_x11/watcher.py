"""The thread that watches the X server, and what it knows at any moment."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Unknown
from workdiary_x11.session import Session, open_session

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

    from workdiary.payloads import InputCounts, Presence, Window

FIRST_PAUSE = 1.0  #: seconds before the first attempt to connect again
LONGEST_PAUSE = 30.0
GONE = Unknown(reason="the X server went away")


class Watcher:
    """Watch in a thread of its own, connect again when the server comes back, and answer from memory.

    :param wake: called when input ends a second or more of quiet, and when another window becomes active.
    """

    def __init__(self, wake: Callable[[], None], log: logging.Logger) -> None:
        self._wake = wake
        self._log = log
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._session: Session | Unknown = GONE
        self._connect()
        self._thread = threading.Thread(target=self._run, name="workdiary-x11", daemon=True)
        self._thread.start()

    def counts(self) -> InputCounts | Unknown:
        """Return the odometers of input."""
        with self._lock:
            return self._session.counts() if isinstance(self._session, Session) else self._session

    def window(self) -> Window | Unknown:
        """Return the active window."""
        with self._lock:
            return self._session.window() if isinstance(self._session, Session) else self._session

    def presence(self) -> Presence | Unknown:
        """Return active and idle time."""
        with self._lock:
            return self._session.presence() if isinstance(self._session, Session) else self._session

    def stop(self) -> None:
        """End the thread and close the connection. May be called twice."""
        with self._lock:
            self._stopping.set()
            if isinstance(self._session, Session):
                self._session.interrupt()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if self._session is GONE:
                self._reconnect()
            elif isinstance(self._session, Session):
                self._watch(self._session)
            else:
                self._stopping.wait()  # this server will not do, and will not change
        if isinstance(self._session, Session):
            self._session.close()  # it came while stopping

    def _watch(self, session: Session) -> None:
        try:
            while not self._stopping.is_set():
                self._turn(session)
        except Exception as error:  # whatever it is, numbers that no longer move must not look like quiet
            if not self._stopping.is_set():
                self._log.warning("lost the X server (%s)", type(error).__name__)
        with self._lock:
            self._session = GONE
            session.close()

    def _turn(self, session: Session) -> None:
        """Wait and take. Events live no longer than this call: a raw one has a key code in it."""
        events = session.wait()
        with self._lock:
            woke = session.take(events)
        events.clear()
        if session.settle() or woke:
            self._wake()

    def _reconnect(self) -> None:
        pause = FIRST_PAUSE
        while self._session is GONE and not self._stopping.wait(pause):
            self._connect()
            pause = min(2 * pause, LONGEST_PAUSE)
        if self._session is not GONE:
            self._log.info("connected to the X server again")
            self._wake()

    def _connect(self) -> None:
        try:
            session = open_session()
        except (OSError, WorkdiaryError):
            return
        with self._lock:
            self._session = session
