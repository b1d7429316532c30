"""One thread that hears the tracker, or looks at the journal while there is none; only while somebody listens."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from typing import TYPE_CHECKING

import apsw

from workdiary.errors import WorkdiaryError
from workdiary.journal import schema
from workdiary.link.client import NotRunningError
from workdiary.link.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.paths import Home

LOOK_S = 2.0  #: between two looks for a tracker, and at the journal


class Watcher:
    """Calls *tell* with kind, contract and wall_ms.

    Kinds are those of ``payloads.EventKind``, and three more: a tracker ``started`` (or is first heard), or ``ended``,
    and without one the journal has ``changed``.

    :param wanted: whether anybody listens; the thread ends when nobody does.
    """

    def __init__(self, home: Home, tell: Callable[[str, str, int], None], wanted: Callable[[], bool]) -> None:
        self._home = home
        self._tell = tell
        self._wanted = wanted
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wake_out, self._wake_in = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def start(self) -> None:
        """Watch from now on; does nothing if it does already."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """Look at once whether anybody still listens."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake_in, b"\0")

    def _run(self) -> None:
        journal = _Journal(self._home)
        while self._is_wanted():
            try:
                with Watch(self._home.socket) as watch:
                    self._say("started")  # also if it has run for long: until now nobody has heard it
                    self._follow(watch)
                    if self._wanted():
                        self._say("ended")
            except NotRunningError:
                pass
            if journal.has_changed():
                self._say("changed")
            self._wait(seconds=LOOK_S)
        journal.close()

    def _is_wanted(self) -> bool:
        with self._lock:
            if not self._wanted():
                self._thread = None
                return False
            return True

    def _follow(self, watch: Watch) -> None:
        """Pass events on until the tracker ends, or nobody listens any more."""
        while self._wanted():
            if not self._wait(watch.fileno()):
                continue
            try:
                events = watch.take()
            except OSError:
                return
            if events is None:
                return
            for one in events:
                self._tell(str(one["kind"]), str(one["contract"]), int(one["wall_ms"]))

    def _wait(self, file: int | None = None, seconds: float | None = None) -> bool:
        """Wait so long for a file, or to be woken; return whether the file can be read."""
        files = [self._wake_out] if file is None else [self._wake_out, file]
        ready, _, _ = select.select(files, [], [], seconds)
        if self._wake_out in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_out, 1024)
        return file in ready

    def _say(self, kind: str) -> None:
        self._tell(kind, "", time.time_ns() // 1_000_000)


class _Journal:
    """Sees whether another connection has written."""

    def __init__(self, home: Home) -> None:
        self._path = home.journal
        self._connection: apsw.Connection | None = None
        self._seen: object = self._version()

    def has_changed(self) -> bool:
        version = self._version()
        changed, self._seen = version != self._seen, version
        return changed

    def _version(self) -> object:
        try:
            if self._connection is None:
                self._connection = schema.connect_readonly(self._path)
            return self._connection.pragma("data_version")
        except (WorkdiaryError, apsw.Error):  # none yet, or one that cannot be read: the pages say so
            return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
