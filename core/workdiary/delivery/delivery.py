"""All uploaders at once; a slow or broken one holds up nobody."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workdiary.delivery import queue
from workdiary.delivery.items import Packer
from workdiary.delivery.worker import Worker
from workdiary.errors import UsageError
from workdiary.journal import schema

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from workdiary.journal.keys import Keys
    from workdiary.uploader import Uploader


FORSAKEN = "it is not set up, and keeps what it was given"


def wall_clock() -> int:
    """Return ms since 1970."""
    return time.time_ns() // 1_000_000


class Delivery:
    """The workers of all uploaders."""

    def __init__(
        self,
        journal: Path,
        keys: Keys,
        blobs: Path,
        uploaders: Sequence[Uploader],
        *,
        review_seconds: int,
        wall_ms: Callable[[], int] = wall_clock,
        rng: random.Random | None = None,
    ) -> None:
        self._journal = journal
        review_ms = review_seconds * 1000
        workers = [
            Worker(one, journal, Packer(blobs, keys), review_ms=review_ms, wall_ms=wall_ms, rng=rng)
            for one in uploaders
        ]
        self._workers = {one.name: one for one in workers}

    @property
    def names(self) -> tuple[str, ...]:
        """The uploaders that are set up."""
        return tuple(self._workers)

    def start(self) -> None:
        """Begin to deliver."""
        for worker in self._workers.values():
            worker.start()

    def poke(self) -> None:
        """There are new entries."""
        for worker in self._workers.values():
            worker.poke()

    def drain(self, timeout: float) -> list[dict[str, Any]]:
        """Send what can be sent in *timeout* seconds, where no tracker does it; return the queues that are not empty.

        A failure is not waited out, nor a backend that hangs. Backends that are no longer set up are among the queues:
        they keep what they were given.
        """
        until = time.monotonic() + timeout
        self.start()
        for worker in self._workers.values():
            worker.rests.wait(max(0.0, until - time.monotonic()))
        left = [view for view in (*self.summary(), *self._forsaken()) if view["pending"]]
        self.stop(max(0.1, until - time.monotonic()))
        return left

    def stop(self, timeout: float) -> None:
        """End within *timeout* seconds; what is not delivered goes out the next time."""
        until = time.monotonic() + timeout
        for worker in self._workers.values():
            worker.signal_stop()
        for worker in self._workers.values():
            worker.join(max(0.0, until - time.monotonic()))

    def retry(self, uploader: str) -> None:
        """Offer again what was refused, and go on if it was paused."""
        if uploader not in self._workers:
            known = ", ".join(self._workers) or "none is set up"
            raise UsageError(f'there is no uploader "{uploader}" (known: {known})', remedy="workdiary queue")
        connection = schema.connect(self._journal)
        try:
            queue.retry(connection, uploader)
        finally:
            connection.close()
        self._workers[uploader].retry()

    def summary(self) -> list[dict[str, Any]]:
        """Return the queue of every uploader, with its live state."""
        if not self._workers:
            return []
        live = {name: asdict(worker.live) for name, worker in self._workers.items()}  # first: the counts are no older
        connection = schema.connect_readonly(self._journal)
        try:
            found = queue.queue(connection, list(self._workers))
        finally:
            connection.close()
        return [view | live[view["uploader"]] for view in found]

    def _forsaken(self) -> list[dict[str, Any]]:
        connection = schema.connect_readonly(self._journal)
        try:
            names: list[Any] = connection.execute("SELECT uploader FROM cursor WHERE number > 0").fetchall()
            found = queue.queue(connection, [name for (name,) in names if name not in self._workers])
        finally:
            connection.close()
        return [view | {"state": "not set up", "reason": FORSAKEN} for view in found]
