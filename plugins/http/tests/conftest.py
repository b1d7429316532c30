"""A real journal, a real server on SQLite, and a delivery between them."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack

import pytest

from workdiary.delivery.delivery import Delivery
from workdiary.delivery.items import Packer
from workdiary.journal import entry as kinds
from workdiary.journal import read
from workdiary.journal.keys import from_secret, new_secret
from workdiary.journal.store import Draft, Journal
from workdiary.snapshot.seal import seal
from workdiary.testing.peer import Peer
from workdiary_http.uploader import Http

NOW = 1_790_000_000_000
KEYS = from_secret(new_secret())


class Impatient(random.Random):
    """Draws waits of a millisecond."""

    def uniform(self, _a, _b):
        return 0.001


class House:
    """A journal with whatever is wanted in it."""

    def __init__(self, home) -> None:
        self.home, self.blobs = home, home / "blobs"
        self.journal = Journal(home / "journal.sqlite", KEYS)
        self.keys, self.running = KEYS, []
        self._slot = 0

    def append(self, kind=kinds.Manual, openings=None, images=(), contract="acme", **values):
        draft = Draft(contract=contract, type=kind, values=values, openings=openings or {}, images=tuple(images))
        return self.journal.append([draft], at_ms=NOW)[-1]

    def note(self, memo, contract="acme"):
        self._slot += 1
        return self.append(openings={"memo": memo}, contract=contract, slot=self._slot)

    def shot(self, picture):
        self._slot += 1
        name, size = seal(picture, KEYS.recipient, self.blobs)
        image = {"sha256": name, "width": 1, "height": 1, "bytes": size, "media_type": "image/jpeg"}
        image |= {"taken_at": NOW - 10**6, "cause": "derived", "not_noticed": "nobody"}
        openings = {
            "snapshot": {"taken_at": NOW - 10**6, "cause": "derived", "images": [image]},
            "window": {"app": "editor", "title": "Chapter 1"}, "memo": "",
            "counts": {"minutes": [[1, 0, 0, 1]] * 10, "unknown": {}, "sources": {}},
        }  # fmt: skip
        values = {"session": "s", "slot": self._slot, "intervals": [(0, 600_000)], "moments": []}
        return self.append(kinds.Segment, openings, (name,), **values), name

    def items(self):
        packer = Packer(self.blobs, KEYS)
        connection = self.journal.connection
        return [packer.pack(connection, row) for row in read.after(connection, 0, 10_000)]

    def deliver(self, uploader, rng=None):
        found = Delivery(
            self.home / "journal.sqlite", KEYS, self.blobs, [uploader], review_seconds=0,
            wall_ms=lambda: NOW, rng=rng or Impatient(),
        )  # fmt: skip
        self.running.append(found)
        found.start()
        return found

    def until(self, ready, seconds=30.0):
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, [one.summary() for one in self.running]
            time.sleep(0.01)

    def close(self) -> None:
        for one in self.running:
            one.stop(2.0)
        self.journal.close()


@pytest.fixture
def house(tmp_path):
    found = House(tmp_path)
    yield found
    found.close()


@pytest.fixture
def serve(tmp_path):
    """Start a server of some kind, with a folder of its own."""
    with ExitStack() as stack:

        def begin(kind):
            folder = tmp_path / kind.__name__
            folder.mkdir()
            return stack.enter_context(kind(folder))

        yield begin


@pytest.fixture
def peer(serve):
    return serve(Peer)


@pytest.fixture
def uploader(peer, tmp_path):
    found = Http(peer.url, peer.token, tmp_path / "state")
    yield found
    found.close()


@pytest.fixture
def kept(peer):
    """Return what says whether the server has exactly these entries, byte for byte."""

    def has(items):
        ours = {}
        for item in items:
            ours.setdefault(item.chain, []).append((item.seq, item.body, item.signature))
        return all(peer.store.rows(chain) == rows for chain, rows in ours.items())

    return has
