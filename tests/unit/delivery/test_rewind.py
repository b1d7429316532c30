"""A backend that was restored from a backup is given again what it lost, without a hand, and without a storm."""

from __future__ import annotations

import hashlib
import random

import pytest

from workdiary.delivery import cursor, queue
from workdiary.uploader import BehindError, HaltError, Rejected, Stored


class Strict:
    """A backend that takes an entry only behind the one before, and knows how far it is."""

    name = "strict"

    def __init__(self, refuses=()):
        self.kept, self.refuses, self.deliveries = {}, set(refuses), 0
        self.forgets = False

    @property
    def heads(self):
        found = {}
        for chain, seq in self.kept:
            found[chain] = max(seq, found.get(chain, -1))
        return found

    def lose(self, *, behind):
        """Go back to a backup that was made before entry *behind*."""
        self.kept = {key: body for key, body in self.kept.items() if key[1] < behind}

    def deliver(self, items):
        self.deliveries += 1
        if self.forgets:
            self.kept.clear()
        return [self._take(item) for item in items]

    def _take(self, item):
        if item.seq > self.heads.get(item.chain, -1) + 1:
            raise BehindError("restored from a backup", heads=self.heads)
        self.kept.setdefault((item.chain, item.seq), item.body)  # a refused one keeps its place too
        if item.seq in self.refuses:
            return Rejected(number=item.number, reason="no")
        return Stored(number=item.number, digest=hashlib.sha256(item.body).digest())

    def close(self):
        pass


class Patient(random.Random):
    """Draws the longest wait."""

    def uniform(self, a, b):
        return b


def sent(backend):
    return sorted(seq for _, seq in backend.kept)


def test_what_a_restored_backend_has_lost_comes_again_and_nothing_else(house):
    backend = Strict()
    house.note(*"abcdef")
    worker = house.worker(backend)
    worker.turn()
    assert sent(backend) == list(range(7))
    backend.lose(behind=3)
    house.note("g")
    assert worker.turn() is not None
    assert worker.live.state == "retrying"
    assert worker.live.reason == "restored from a backup; 4 entries are sent again"
    assert cursor.position(house.journal.connection, "strict") == 3
    assert worker.turn() is None
    assert sent(backend) == list(range(8))


def test_a_backend_that_lost_everything_gets_everything(house):
    house.note("a", "b")
    worker = house.worker(Strict())
    worker.turn()
    worker._uploader = backend = Strict()  # another server under the same name
    house.note("c")
    worker.turn()
    worker.turn()
    assert sent(backend) == [0, 1, 2, 3]


def test_what_was_refused_comes_in_its_turn_after_the_cursor_went_back(house):
    backend = Strict(refuses={2})
    house.note(*"abcd")
    worker = house.worker(backend)
    worker.turn()
    backend.lose(behind=1)
    backend.refuses.clear()
    assert queue.retry(house.journal.connection, "strict") == 1  # is offered before what it follows, so it is behind
    worker.turn()
    (view,) = queue.queue(house.journal.connection, ["strict"])
    assert (view["sent"], view["pending"], view["quarantined"]) == (1, 4, 0)
    assert worker.turn() is None
    (view,) = queue.queue(house.journal.connection, ["strict"])
    assert (view["sent"], view["pending"], view["quarantined"]) == (5, 0, 0)


def test_a_backend_that_forgets_again_and_again_is_asked_ever_more_rarely(house):
    backend = Strict()
    backend.forgets = True
    house.note("a")
    worker = house.worker(backend)
    worker._rewinds._rng = Patient()
    worker.turn()
    waits = []
    for memo in "bcdefg":
        house.note(memo)
        waits.append(worker.turn())
        assert worker.turn() is None  # all of it fits into one delivery, so it is taken
    assert waits == [1, 2, 4, 8, 16, 32]
    backend.forgets = False
    house.note("h")
    assert worker.turn() is None
    backend.lose(behind=1)
    house.note("i")
    assert worker.turn() == 1  # it went on in between, so this is another accident


def test_a_backend_that_claims_to_lack_what_it_never_answered_for_only_waits(house):
    class Confused(Strict):
        def deliver(self, items):
            raise BehindError("I am behind", heads={item.chain: item.seq - 1 for item in items[:1]})

    house.note("a")
    worker = house.worker(Confused())
    assert worker.turn() is not None
    assert worker.live.reason == "I am behind, but it has all that it had answered for"
    assert cursor.position(house.journal.connection, "strict") == 0


@pytest.mark.parametrize("remedy", ["look at the server", "ask its owner"])
def test_what_only_a_person_can_mend_pauses_and_says_how(house, remedy):
    class Halted(Strict):
        def deliver(self, items):
            raise HaltError("it has another entry 3", remedy=remedy)

    house.note("a")
    worker = house.worker(Halted())
    assert worker.turn() is None
    assert worker.live.state == "paused"
    assert worker.live.reason == f"it has another entry 3: {remedy}, then: workdiary queue retry strict"
