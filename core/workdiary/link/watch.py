"""Hears what a running tracker tells, without asking again and again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from workdiary.link.address import knock
from workdiary.link.client import TIMEOUT_S, NotRunningError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Watch:
    """A connection on which a running tracker tells its events, until it ends. Use as a context manager.

    It ends as well for a client that leaves some dozens of events unread.

    An event is ``{"kind", "wall_ms", "contract", "text"}``, as ``payloads.Event`` has them. It says that something
    happened, not how things stand now: for that, ask ``status``.

    :raises NotRunningError: no tracker is running.
    """

    def __init__(self, path: Path) -> None:
        self._rest = b""
        try:
            self._link = knock(path, TIMEOUT_S)
        except OSError:
            raise NotRunningError from None
        try:
            self._link.sendall(json.dumps({"command": "watch", "arguments": {}}).encode() + b"\n")
            if not self._read():  # the answer: from here on no event is missed
                raise NotRunningError
        except OSError:
            self._link.close()
            raise NotRunningError from None
        except NotRunningError:
            self._link.close()
            raise

    def fileno(self) -> int:
        """Return the file to watch: when it is readable, call ``take``."""
        return self._link.fileno()

    def take(self) -> list[dict[str, Any]] | None:
        """Return the events that have come, waiting for the first; None: the tracker has ended."""
        lines = self._read()
        return None if lines is None else [line["event"] for line in lines if "event" in line]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self._link.settimeout(None)
        while (events := self.take()) is not None:
            yield from events

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._link.close()

    def _read(self) -> list[dict[str, Any]] | None:
        while b"\n" not in self._rest:
            try:
                data = self._link.recv(1 << 16)
            except ConnectionError:
                data = b""
            if not data:
                return None
            self._rest += data
        *lines, self._rest = self._rest.split(b"\n")
        return [json.loads(line) for line in lines]
