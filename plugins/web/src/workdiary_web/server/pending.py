"""Deletions that may still be undone: done seconds later, or when the process ends, or at its next start."""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from workdiary.errors import StorageError, UsageError, WorkdiaryError
from workdiary_web.server.place import write_private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from workdiary.desk.book import Book

DELAY_S = 8.0


@dataclass(frozen=True, kw_only=True)
class Request:
    """Segments to be deleted, or only their images."""

    token: str
    ids: tuple[str, ...]
    keep_time: bool
    due_ms: int  #: wall clock, for people; after a restart it is due at once


class Pending:
    """What is asked for but not done yet. Methods may be called from any thread.

    :param file: keeps the requests, that is ids of segments, beyond the end of this process; None: nothing is kept.
    """

    def __init__(self, book: Book, file: Path | None, delay_s: float = DELAY_S) -> None:
        self._book = book
        self._file = file
        self._delay_s = delay_s
        self._state = threading.Condition()
        self._requests = {one.token: one for one in _load(file)}
        self._due = dict.fromkeys(self._requests, time.monotonic())
        self._begun: set[str] = set()
        self._failures: list[str] = []
        self._ends = False
        self._thread = threading.Thread(target=self._run, name="pending", daemon=True)
        self._thread.start()

    def add(self, ids: Sequence[str], keep_time: bool) -> str:  # noqa: FBT001 - one flag, named at every call
        """Delete these segments in a moment, or only their images; return a token for ``undo``.

        :raises StorageError: it cannot be kept, and so will not be done.
        """
        token, due_ms = secrets.token_urlsafe(12), time.time_ns() // 1_000_000 + int(self._delay_s * 1000)
        with self._state:
            if self._ends:
                raise StorageError("the diary is being closed", remedy="Open it again: workdiary open")
            self._requests[token] = Request(token=token, ids=tuple(ids), keep_time=keep_time, due_ms=due_ms)
            try:
                self._keep()
            except StorageError:
                del self._requests[token]
                raise
            self._due[token] = time.monotonic() + self._delay_s
            self._state.notify_all()
        return token

    def undo(self, token: str) -> bool:
        """Take a deletion back; False if it is carried out already, or has begun to be.

        :raises StorageError: it cannot be struck out of the file, and will be carried out.
        """
        with self._state:
            if token in self._begun or token not in self._requests:
                return False
            request = self._requests.pop(token)
            try:
                self._keep()
            except StorageError:
                self._requests[token] = request
                raise
            del self._due[token]
            return True

    def waiting(self) -> Mapping[str, int]:
        """Return for each segment that is to be deleted when that is due, in ms since 1970."""
        with self._state:
            return {name: one.due_ms for one in self._requests.values() for name in one.ids}

    def requests(self) -> Sequence[Request]:
        """Return what can still be undone, the newest first."""
        with self._state:
            return [one for one in reversed(self._requests.values()) if one.token not in self._begun]

    def failures(self) -> Sequence[str]:
        """Return what was refused when it was due, in words; once."""
        with self._state:
            told, self._failures = self._failures, []
            return told

    def close(self) -> None:
        """Carry out now what is waiting. What is refused stays in the file, so that the next start tells of it."""
        with self._state:
            self._ends = True
            self._state.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while (request := self._next()) is not None:
            failure = self._carry_out(request)
            with self._state:
                self._begun.discard(request.token)
                self._due.pop(request.token)
                if failure and self._ends:
                    continue
                self._requests.pop(request.token)
                if failure:
                    self._failures.append(failure)
                try:
                    self._keep()
                except StorageError as error:  # it is done, and the next start finds it so
                    self._failures.append(str(error))

    def _next(self) -> Request | None:
        """Wait for the next request that is due; None when there is none any more and the process ends."""
        with self._state:
            while True:
                token = min(self._due, key=self._due.__getitem__, default=None)
                left = self._due[token] - time.monotonic() if token is not None else None
                if token is not None and left is not None and (left <= 0 or self._ends):
                    self._begun.add(token)
                    return self._requests[token]
                if self._ends:
                    return None
                self._state.wait(left)

    def _carry_out(self, request: Request) -> str:
        """Return why it was refused, or nothing."""
        try:
            ids = [name for name in request.ids if not self._is_done(name, keep_time=request.keep_time)]
            if ids:
                self._book.change("delete", segments=ids, keep_time=request.keep_time)
        except WorkdiaryError as error:
            return f"{', '.join(request.ids)}: not deleted: {error}"
        except Exception as error:  # a fault of ours in one request must not lose the others
            return f"{', '.join(request.ids)}: not deleted: an accident ({type(error).__name__}). See: workdiary doctor"
        return ""

    def _is_done(self, name: str, *, keep_time: bool) -> bool:
        """Whether a process that was killed, or somebody else, has done it already."""
        try:
            segment = self._book.segment(name)
        except UsageError:  # for the change to refuse, in its words
            return False
        return segment.deleted or (keep_time and segment.snapshot is None)

    def _keep(self) -> None:
        if self._file is not None:
            rows = [asdict(one) for one in self._requests.values()]
            write_private(self._file, json.dumps(rows).encode())


def _load(file: Path | None) -> list[Request]:
    """Return what an earlier process has left; a file that is no list of requests is refused."""
    try:
        rows = json.loads(file.read_bytes()) if file is not None else []
        return [Request(**{**row, "ids": tuple(row["ids"])}) for row in rows]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StorageError(
            f"{file}: deletions that were asked for cannot be read",
            remedy="Look whether the segments are still there, then remove the file.",
        ) from error
