"""One connection's worth of watching: the active window and the idle timer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from workdiary.payloads import Presence, Unknown
from workdiary_wayland.idle import IdleTimer
from workdiary_wayland.toplevels import Toplevels
from workdiary_wayland.wire import connect

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from workdiary.payloads import Window
    from workdiary_wayland.wire import Connection

NO_LOCK = Unknown(reason="the Wayland protocols do not tell whether the session is locked")


class Session:
    """Watch one connection. ``turn`` belongs to the watching thread, the rest to whoever holds the lock.

    :raises CompositorGoneError: the compositor went away meanwhile.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._since = os.urandom(8).hex()
        self._toplevels = Toplevels(connection)
        self._idle = IdleTimer(connection)
        connection.roundtrip()
        connection.roundtrip()  # what the answers to the first have made

    def turn(self, lock: AbstractContextManager[object]) -> bool:
        """Wait and take; true if input ended a quiet second, or another window is active."""
        data = self._connection.receive(None)
        with lock:
            before = self._toplevels.active
            self._connection.dispatch(data)
            return self._idle.came_back() or self._toplevels.active != before

    def window(self) -> Window | Unknown:
        """Return the active window."""
        return self._toplevels.current

    def presence(self) -> Presence:
        """Return active and idle time."""
        active, idle = self._idle.read()
        return Presence(since=self._since, active_ms=active, idle_ms=idle, locked=NO_LOCK)

    @property
    def why_no_timer(self) -> Unknown | None:
        """Why the idle time cannot be known; None if it can."""
        return self._idle.reason

    def interrupt(self) -> None:
        """Make the watching thread get ``CompositorGoneError``."""
        self._connection.interrupt()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def open_session() -> Session:
    """Connect and begin to watch.

    :raises WorkdiaryError: no compositor answers.
    :raises CompositorGoneError: it went away again.
    """
    connection = connect()
    try:
        return Session(connection)
    except BaseException:
        connection.close()
        raise
