from __future__ import annotations

import os

import apsw
import pytest

from workdiary.delivery import cursor, queue
from workdiary.journal import blobs, schema


def test_an_image_that_is_damaged_or_gone_holds_up_nothing(house):
    _, damaged = house.shot(house.start - 1, b"one")
    _, gone = house.shot(house.start - 1, b"two")
    _, sound = house.shot(house.start - 1, b"three")
    (house.home / "blobs" / damaged[:2] / damaged).write_bytes(b"other bytes")
    blobs.remove(house.home / "blobs", gone)
    backend = house.Recorder(before=lambda items: [image.sealed() for one in items for image in one.images])
    house.settled(house.deliver_to(backend))
    assert backend.numbers == house.all_numbers()
    assert [[image.sha256 for image in one.images] for one in backend.items] == [[], [], [], [sound]]


def test_a_full_disk_under_the_cursor_is_a_matter_of_waiting(house, monkeypatch):
    house.note("a")
    settle = cursor.settle
    monkeypatch.setattr(cursor, "settle", lambda *_: (_ for _ in ()).throw(apsw.FullError("disk full")))
    backend = house.Recorder()
    delivery = house.deliver_to(backend)
    house.until(lambda: house.view(delivery)["reason"] == "the disk is full")
    monkeypatch.setattr(cursor, "settle", settle)
    house.settled(delivery)
    assert set(backend.numbers) == set(house.all_numbers())


def test_a_journal_that_cannot_be_opened_is_tried_again(house):
    house.note("a")
    house.journal.path.chmod(0o600)
    real = schema.connect
    tries = []

    def refuse(path):
        tries.append(path)
        if len(tries) < 4:
            raise apsw.CantOpenError("not now")
        return real(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workdiary.delivery.worker.schema.connect", refuse)
        house.settled(house.deliver_to(house.Recorder()))
    assert len(tries) == 4


def test_the_queue_can_be_seen_without_a_tracker(house):
    house.note("a")
    connection = schema.connect_readonly(house.journal.path)
    (shown,) = queue.queue(connection, ["flaky"])
    connection.close()
    assert shown == {
        "uploader": "flaky", "sent": 0, "pending": 2, "oldest_at": house.start, "quarantined": 0,
        "state": "not running", "reason": "", "next_try_at": None,
    }  # fmt: skip


def test_a_backend_that_fails_while_closing_is_heard_by_nobody(house):
    class Rude(house.Recorder):
        def close(self):
            raise OSError(os.strerror(5))

    delivery = house.deliver_to(Rude())
    delivery.stop(5)
    delivery.stop(5)
