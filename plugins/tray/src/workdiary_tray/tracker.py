"""The tray's one connection to the tracker: it asks and hears over the same line, and never waits for an answer."""

from __future__ import annotations

import json
import socket
from collections import deque
from typing import TYPE_CHECKING, Any

from workdiary.errors import WorkdiaryError
from workdiary.link.client import EndedError, NotRunningError
from workdiary.paths import make_private
from workdiary_tray.inotify import DirectoryWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.paths import Home
    from workdiary_tray.loop import Loop, Timer

    Then = Callable[[Any], None]  #: gets the answer, or the error as a ``WorkdiaryError``

PATIENCE_S = 3.0  #: above what a busy tracker needs; from then on it is said to be silent
TRIES = 8  #: a socket is seen before it listens; after so many doubled waits it is a dead one's


class TrackerLine:
    """Follows the tracker: connects when one appears, notices when it ends.

    ``heard(event)`` gets each of its events, ``lost()`` is called when it has ended, ``silent(whether)`` when it stops
    answering or answers again, ``met()`` when there is a new one.
    """

    def __init__(self, home: Home, loop: Loop) -> None:
        self.met: Callable[[], None] = lambda: None
        self.lost: Callable[[], None] = lambda: None
        self.heard: Callable[[dict[str, Any]], None] = lambda _event: None
        self.silent: Callable[[bool], None] = lambda _whether: None
        self._home = home
        self._loop = loop
        self._link: socket.socket | None = None
        self._rest = b""
        self._waiting: deque[Then] = deque()
        self._alarm: Timer | None = None
        self._is_silent = False
        self._retry: Timer | None = None
        self._directory = DirectoryWatch()

    def begin(self) -> None:
        """Watch for a tracker from now on, and look whether there is one."""
        self._directory.add(self._home.runtime)
        self._loop.watch(self._directory, self._look)
        self._connect(0)

    @property
    def is_connected(self) -> bool:
        """Whether there is a tracker."""
        return self._link is not None

    def ask(self, command: str, then: Then, **arguments: Any) -> None:
        """Send a command; *then* gets its answer."""
        if self._link is None:
            then(NotRunningError())
            return
        self._waiting.append(then)
        self._expect()
        try:
            self._link.sendall(json.dumps({"command": command, "arguments": arguments}).encode() + b"\n")
        except OSError:
            self._lose()

    def _look(self) -> None:
        names, gone = self._directory.take()
        if gone:
            make_private(self._home.runtime)
            self._directory.add(self._home.runtime)
        if (gone or self._home.socket.name in names) and self._link is None:
            self._connect(TRIES)

    def _connect(self, tries: int) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if self._link is not None:
            return
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.setblocking(False)
        try:
            link.connect(str(self._home.socket))
        except OSError:
            link.close()
            if tries:
                self._retry = self._loop.later(0.01 * 2 ** (TRIES - tries), lambda: self._connect(tries - 1))
            return
        self._link, self._rest = link, b""
        self._loop.watch(link, self._read)
        self.ask("watch", lambda _answer: None)
        if self.is_connected:
            self.met()

    def _read(self) -> None:
        assert self._link is not None
        try:
            data = self._link.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(json.loads(line))

    def _take(self, message: dict[str, Any]) -> None:
        if "event" in message:
            self.heard(message["event"])
            return
        if not self._waiting:
            return
        then = self._waiting.popleft()
        self._expect()
        if "error" in message:
            then(WorkdiaryError(message["message"], remedy=message["remedy"]))
        else:
            then(message["result"])

    def _expect(self) -> None:
        """Set the alarm for the oldest question anew."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._waiting:
            self._alarm = self._loop.later(PATIENCE_S, lambda: self._tell_silent(whether=True))
        else:
            self._tell_silent(whether=False)

    def _tell_silent(self, *, whether: bool) -> None:
        if whether != self._is_silent:
            self._is_silent = whether
            self.silent(whether)

    def _lose(self) -> None:
        """Take note that the tracker has ended; a next one may be there already."""
        if self._link is None:
            return
        self._loop.forget(self._link)
        self._link.close()
        self._link = None
        waiting, self._waiting = self._waiting, deque()
        self._expect()
        for then in waiting:
            then(EndedError())
        self._connect(0)
        if not self.is_connected:
            self.lost()
