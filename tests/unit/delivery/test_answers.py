from __future__ import annotations

import hashlib

import pytest

from workdiary.delivery import cursor
from workdiary.uploader import Rejected, Stored


def lies(items, how):
    right = [Stored(number=one.number, digest=hashlib.sha256(one.body).digest()) for one in items]
    return {
        "none": None,
        "missing": right[:1] + right[2:],
        "wrong digest": [*right[:1], Stored(number=items[1].number, digest=b"?" * 32), *right[2:]],
        "unknown number": [*right[:1], Stored(number=99, digest=b""), *right[2:]],
        "contradiction": [*right, Rejected(number=items[1].number, reason="no")],
        "receipt": [*right[:1], Stored(number=items[1].number, digest=right[1].digest, receipt="text"), *right[2:]],  # type: ignore[arg-type]
        "words": ["stored", *right[:1], object()],
    }[how]


@pytest.mark.parametrize(
    ("how", "acknowledged", "says"),
    [
        ("none", 0, "TypeError"), ("missing", 1, "did not answer for entry 2"),
        ("wrong digest", 1, "stored something else for entry 2"), ("unknown number", 1, "did not answer"),
        ("contradiction", 1, "contradicts itself"), ("receipt", 1, "is not bytes"), ("words", 1, "did not answer"),
    ],
)  # fmt: skip
def test_only_a_sound_answer_moves_the_cursor(house, how, acknowledged, says):
    class Liar(house.Recorder):
        def deliver(self, items):
            return lies(items, how)

    house.note("a", "b")
    worker = house.worker(Liar())
    assert worker.turn() is not None
    assert worker.live.state == "retrying"
    assert says in worker.live.reason
    assert cursor.position(house.journal.connection, "flaky") == acknowledged


def test_a_receipt_is_kept_with_the_cursor(house):
    class Signing(house.Recorder):
        def deliver(self, items):
            return [Stored(number=one.number, digest=one.digest, receipt=b"signed") for one in super().deliver(items)]

    house.note("a")
    house.settled(house.deliver_to(Signing()))
    rows = house.journal.connection.execute("SELECT uploader, number, receipt FROM receipt").fetchall()
    assert rows == [("flaky", 1, b"signed"), ("flaky", 2, b"signed")]
