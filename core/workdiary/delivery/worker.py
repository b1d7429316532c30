"""One uploader's thread: it sleeps until there is something that may go out."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from workdiary.delivery import cursor
from workdiary.delivery.backoff import Backoff
from workdiary.delivery.items import held_until, make_item
from workdiary.journal import read, schema
from workdiary.uploader import AuthorizationError, Rejected, Stored, TransientError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import apsw

    from workdiary.journal.keys import Keys
    from workdiary.uploader import Item, Uploader

BATCH_ENTRIES = 256
BATCH_BYTES = 1 << 20


class Worker:
    """Delivers to one uploader. Order is that of the journal; only acknowledged entries are passed over."""

    def __init__(
        self,
        uploader: Uploader,
        journal: Path,
        keys: Keys,
        blobs: Path,
        *,
        review_ms: int,
        wall_ms: Callable[[], int],
        rng: random.Random | None = None,
    ) -> None:
        self.uploader = uploader
        self.state = "up to date"  #: or waiting, sending, retrying, paused
        self.reason = ""
        self._journal, self._keys, self._blobs = journal, keys, blobs
        self._review_ms, self._wall_ms = review_ms, wall_ms
        self._backoff = Backoff(rng)
        self._poked = threading.Event()
        self._stopped = False
        self._paused = False
        self._thread = threading.Thread(target=self._run, name=f"uploader-{uploader.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._poked.set()
        self._thread.start()

    def poke(self) -> None:
        """There is something new."""
        self._poked.set()

    def retry(self) -> None:
        """Go on at once, also if authorization had been refused."""
        self._paused = False
        self._poked.set()

    def stop(self, timeout: float) -> None:
        """End after the call that is under way, which is not waited for longer than *timeout* seconds."""
        self._stopped = True
        self._poked.set()
        self._thread.join(timeout)

    def _run(self) -> None:
        connection = schema.connect(self._journal)
        try:
            wait: float | None = 0.0
            while not self._stopped:
                self._poked.wait(wait)
                self._poked.clear()
                if self._stopped:
                    break
                wait = None if self._paused else self._drain(connection)
        finally:
            connection.close()
            self.uploader.close()

    def _drain(self, connection: apsw.Connection) -> float | None:
        """Send all that may go; return the seconds until it is worth another look, None: not before a poke."""
        while not self._stopped:
            items, held = self._batch(connection)
            if not items:
                self._say("waiting" if held else "up to date", "the review time of an image" if held else "")
                return held
            self._say("sending", "")
            try:
                self._acknowledge(connection, items, self.uploader.deliver(items))
            except TransientError as error:
                return self._failed(str(error), error.retry_after)
            except AuthorizationError as error:
                self._paused = True
                self._say("paused", f"{error}: sign in again, then: workdiary queue retry {self.uploader.name}")
                return None
            except Exception as error:  # a stranger's backend: whatever it raises, its entries wait
                return self._failed(f"{type(error).__name__}", None)
            self._backoff.reset()
        return None

    def _batch(self, connection: apsw.Connection) -> tuple[list[Item], float | None]:
        """Return what may go now, and how many seconds the entry behind it is held."""
        items: list[Item] = []
        size = 0
        for row in read.after(connection, cursor.position(connection, self.uploader.name), BATCH_ENTRIES):
            held = held_until(row, self._review_ms) - self._wall_ms()
            if held > 0:
                return items, min(held, self._review_ms) / 1000
            size += len(row.body) + sum(len(value) for _, value in row.openings.values())
            if items and size > BATCH_BYTES:
                break
            items.append(make_item(row, self._blobs, self._keys))
        return items, None

    def _acknowledge(
        self, connection: apsw.Connection, items: Sequence[Item], answers: Sequence[Stored | Rejected]
    ) -> None:
        """Move the cursor over the answered prefix; whatever is missing or wrong in an answer is offered again."""
        by_number = {answer.number: answer for answer in answers}
        done = []
        trouble = ""
        for item in items:
            answer = by_number.get(item.number)
            trouble = cursor.fault(item, answer)
            if trouble or answer is None:
                break
            done.append(answer)
        cursor.move(connection, self.uploader.name, done, self._wall_ms())
        if trouble:
            raise TransientError(trouble)

    def _failed(self, reason: str, asked: float | None) -> float:
        self._say("retrying", reason)
        return self._backoff.wait(asked)

    def _say(self, state: str, reason: str) -> None:
        self.state, self.reason = state, reason
