"""One uploader's thread: it sleeps until there is something that may go out."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import apsw

from workdiary.delivery import cursor
from workdiary.delivery.answers import judge
from workdiary.delivery.backoff import Backoff
from workdiary.delivery.items import Packer, held_until
from workdiary.errors import StorageError
from workdiary.journal import schema
from workdiary.uploader import BehindError, HaltError, TransientError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from workdiary.journal.read import Row
    from workdiary.uploader import Item, Uploader

BATCH_ENTRIES = 256
BATCH_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Live:
    """What a worker is doing."""

    state: str = "up to date"  #: or waiting, sending, retrying, paused
    reason: str = ""
    next_try_at: int | None = None  #: ms since 1970


class Worker:
    """Delivers to one uploader. Order is that of the journal; only acknowledged entries are passed over."""

    def __init__(
        self,
        uploader: Uploader,
        journal: Path,
        packer: Packer,
        *,
        review_ms: int,
        wall_ms: Callable[[], int],
        rng: random.Random | None = None,
    ) -> None:
        self.name = uploader.name
        self.live = Live()
        self.rests = threading.Event()  #: what could be sent is sent; the thread waits
        self._uploader, self._journal, self._packer = uploader, journal, packer
        self._review_ms, self._wall_ms = review_ms, wall_ms
        self._backoff = Backoff(rng)
        self._rewinds = Backoff(rng)  #: a backend that forgets again and again is not sent years at full speed
        self._furthest = 0  #: the entry that the cursor last went back from
        self._connection: apsw.Connection | None = None
        self._clock_moved = (0, 0.0)  #: entry, and the monotonic second until which it is held
        self._wake = threading.Condition()
        self._stopped = self._news = self._urged = self._deaf = False
        self._thread = threading.Thread(target=self._run, name=f"uploader-{self.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def poke(self) -> None:
        """There is something new; a wait that a failure imposed goes on."""
        with self._wake:
            self._news = True
            if not self._deaf:
                self._wake.notify()

    def retry(self) -> None:
        """Go on at once, also if authorization had been refused."""
        with self._wake:
            self._urged = True
            self._wake.notify()

    def signal_stop(self) -> None:
        """End after the call that is under way."""
        with self._wake:
            self._stopped = True
            self._wake.notify()

    def join(self, timeout: float) -> None:
        """Wait for the end, no longer than *timeout* seconds."""
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stopped:
            self._rest(self.turn())
        self._disconnect()
        with suppress(Exception):  # a stranger's last words change nothing
            self._uploader.close()

    def _rest(self, seconds: float | None) -> None:
        with self._wake:
            self._deaf = self.live.state in {"retrying", "paused"}
            self.rests.set()
            self._wake.wait_for(lambda: self._stopped or self._urged or (self._news and not self._deaf), seconds)

    def turn(self) -> float | None:
        """Send all that may go; return the seconds until it is worth another look, None: not before there is news."""
        with self._wake:
            self._news = self._urged = self._deaf = False
            self.rests.clear()
        try:
            return self._drain()
        except TransientError as error:
            return self._failed(str(error), error.retry_after)
        except HaltError as error:
            self._say("paused", f"{error}: {error.remedy}, then: workdiary queue retry {self.name}")
            return None
        except apsw.Error as error:
            self._disconnect()  # after an I/O error nothing in it can be believed
            full = isinstance(error, apsw.FullError)
            return self._failed("the disk is full" if full else f"the journal fails ({type(error).__name__})")
        except Exception as error:  # the thread must live, or nothing is ever delivered again
            return self._failed(f"the journal cannot be read ({type(error).__name__})")

    def _drain(self) -> float | None:
        if self._connection is None:
            self._connection = schema.connect(self._journal)
        while not self._stopped:
            items, held = self._batch(self._connection)
            if not items:
                self._say(*(("waiting", "the review time of an image", held) if held else ("up to date",)))
                return held
            self._say("sending")
            try:
                offered = self._offer(items)
            except BehindError as error:
                return self._rewind(self._connection, error)
            done, fault = judge(items, offered)
            cursor.settle(self._connection, self.name, done, self._wall_ms())
            if done:
                self._backoff.reset()
            if done and done[0][0].number > self._furthest:  # it kept what came before
                self._rewinds.reset()
            if fault:
                raise TransientError(fault)
        return None

    def _offer(self, items: Sequence[Item]) -> list[Any]:
        try:
            return list(self._uploader.deliver(items))
        except (TransientError, HaltError, BehindError):
            raise
        except StorageError as error:
            raise TransientError(error.message) from error
        except (Exception, SystemExit) as error:  # a stranger's backend: whatever it raises, its entries wait
            raise TransientError(f"the backend failed ({type(error).__name__})") from error

    def _rewind(self, connection: apsw.Connection, error: BehindError) -> float:
        self._furthest = max(self._furthest, cursor.position(connection, self.name))
        over = cursor.rewind(connection, self.name, error.heads)
        if not over:
            raise TransientError(f"{error}, but it has all that it had answered for")
        seconds = self._rewinds.wait()
        self._say("retrying", f"{error}; {over} entries are sent again", seconds)
        return seconds

    def _batch(self, connection: apsw.Connection) -> tuple[list[Item], float | None]:
        """Return what may go now, and how many seconds the entry behind it is held."""
        items: list[Item] = []
        size = 0
        for row in cursor.due(connection, self.name, BATCH_ENTRIES):
            held = self._held(row)
            if held > 0:
                return items, held
            size += len(row.body) + sum(len(value) for _, value in row.openings.values())
            if items and size > BATCH_BYTES:
                break
            items.append(self._packer.pack(connection, row))
        return items, None

    def _held(self, row: Row) -> float:
        left = held_until(row, self._review_ms) - self._wall_ms()
        if left <= self._review_ms:
            return left / 1000
        if self._clock_moved[0] != row.number:  # the clock was set back behind the picture: the window begins anew
            self._clock_moved = (row.number, time.monotonic() + self._review_ms / 1000)
        return self._clock_moved[1] - time.monotonic()

    def _failed(self, reason: str, asked: Any = None) -> float:
        seconds = self._backoff.wait(asked)
        self._say("retrying", reason, seconds)
        return seconds

    def _say(self, state: str, reason: str = "", seconds: float | None = None) -> None:
        at = None if seconds is None else self._wall_ms() + round(seconds * 1000)
        self.live = Live(state=state, reason=reason, next_try_at=at)

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(apsw.Error):
                self._connection.close()
        self._connection = None
