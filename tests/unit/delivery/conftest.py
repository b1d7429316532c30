"""A real journal, and backends that remember what they took."""

from __future__ import annotations

import random
import time

import pytest

from workdiary.delivery.delivery import Delivery
from workdiary.delivery.items import Packer
from workdiary.delivery.worker import Worker
from workdiary.journal import entry as kinds
from workdiary.journal.keys import from_secret, new_secret
from workdiary.journal.store import Draft, Journal
from workdiary.snapshot.seal import seal
from workdiary.testing import FlakyUploader
from workdiary.uploader import Rejected

NOW = 1_790_000_000_000
KEYS = from_secret(new_secret())


class Impatient(random.Random):
    """Draws waits of a millisecond."""

    def uniform(self, a, b):
        return 0.001


class Recorder(FlakyUploader):
    """Remembers what it took, in order; *before* sees each delivery first."""

    def __init__(self, script=(), *, before=lambda items: None, **options):
        super().__init__(script, **options)
        self.items, self.before = [], before

    def deliver(self, items):
        self.before(items)
        answers = super().deliver(items)
        rejected = {answer.number for answer in answers if isinstance(answer, Rejected)}
        self.items += [item for item in items if item.number not in rejected]
        return answers

    @property
    def numbers(self):
        return [item.number for item in self.items]


class House:
    """A real journal, a wall clock that stands still, and as many backends as wanted."""

    Recorder, start, now = Recorder, NOW, NOW

    def __init__(self, home):
        self.home = home
        self.journal = Journal(home / "journal.sqlite", KEYS)
        self.running = []

    def note(self, *memos):
        return [
            self.journal.append(
                [Draft(contract="acme", type=kinds.Manual, values={"slot": 1}, openings={"memo": memo})], at_ms=self.now
            )[-1]
            for memo in memos
        ]

    def shot(self, taken_at, picture=b"a picture", **notice):
        name, size = seal(picture, KEYS.recipient, self.home / "blobs")
        image = {"sha256": name, "width": 1, "height": 1, "bytes": size, "media_type": "image/jpeg"}
        image |= {"taken_at": taken_at, "cause": "moment", **notice}
        opening = {"taken_at": taken_at, "cause": "moment", "images": [image]}
        values = {"session": "s", "slot": 2, "intervals": [], "moments": []}
        draft = Draft(
            contract="acme", type=kinds.Segment, values=values, openings={"snapshot": opening}, images=(name,)
        )
        return self.journal.append([draft], at_ms=self.now)[-1], name

    def append(self, kind, of, openings=None, **values):
        draft = Draft(contract="acme", type=kind, values={"of": of, **values}, openings=openings or {})
        return self.journal.append([draft], at_ms=self.now)[-1]

    def delete(self, *seqs):
        return self.append(kinds.Tombstone, list(seqs), fields=["*"], why="owner")

    def deliver_to(self, *uploaders, review=0):
        """Start delivery in threads."""
        delivery = Delivery(
            self.journal.path, KEYS, self.home / "blobs", uploaders,
            review_seconds=review, wall_ms=lambda: self.now, rng=Impatient(),
        )  # fmt: skip
        delivery.start()
        self.running.append(delivery)
        return delivery

    def all_numbers(self):
        return [number for (number,) in self.journal.connection.execute("SELECT number FROM entry ORDER BY number")]

    def worker(self, uploader):
        """Return a worker without a thread: call ``turn``."""
        packer = Packer(self.home / "blobs", KEYS)
        return Worker(uploader, self.journal.path, packer, review_ms=0, wall_ms=lambda: self.now, rng=Impatient())

    @staticmethod
    def until(ready, seconds=10.0):
        end = time.monotonic() + seconds
        while not (found := ready()):
            assert time.monotonic() < end, "it did not come to pass in time"
            time.sleep(0.002)
        return found

    @staticmethod
    def view(delivery, name="flaky"):
        return next(one for one in delivery.summary() if one["uploader"] == name)

    def settled(self, delivery, name="flaky"):
        def ready():
            one = self.view(delivery, name)
            return one["state"] == "up to date" and one["pending"] == 0 and one

        return self.until(ready)


@pytest.fixture
def house(tmp_path):
    one = House(tmp_path)
    yield one
    for delivery in one.running:
        delivery.stop(5)
    one.journal.close()
