"""A change without a tracker: what can be sent is sent before the command returns, and the rest is named."""

from __future__ import annotations

import errno
import subprocess
import sys
import threading
import time

import pytest

from workdiary.delivery import queue
from workdiary.delivery.delivery import Delivery
from workdiary.errors import StorageError
from workdiary.journal import blobs, schema
from workdiary.uploader import AuthorizationError, TransientError


@pytest.fixture
def drain(house):
    def run(*uploaders, timeout=3.0, review=0):
        delivery = Delivery(
            house.journal.path, house.journal.keys, house.home / "blobs", uploaders,
            review_seconds=review, wall_ms=lambda: house.now,
        )  # fmt: skip
        begun = time.monotonic()
        left = delivery.drain(timeout)
        return left, time.monotonic() - begun

    return run


def test_several_backends_have_everything_when_it_returns(house, drain):
    house.note(*map(str, range(300)))
    backends = [house.Recorder(name=f"backend-{number}") for number in range(3)]
    left, _ = drain(*backends)
    assert left == []
    assert [one.numbers for one in backends] == [house.all_numbers()] * 3
    assert [one.closed for one in backends] == [1, 1, 1]


@pytest.mark.parametrize(
    ("error", "state"), [(TransientError("off", retry_after=60), "retrying"), (AuthorizationError("who"), "paused")]
)
def test_a_failure_is_named_and_not_waited_out(house, drain, error, state):
    house.note("a")
    left, seconds = drain(house.Recorder([error]))
    assert [(one["uploader"], one["state"], one["pending"]) for one in left] == [("flaky", state, 2)]
    assert seconds < 1


def test_a_backend_that_hangs_costs_no_more_than_the_time_given(house, drain):
    house.note("a")
    gate = threading.Event()
    hanging, other = house.Recorder(before=lambda _: gate.wait(10), name="hanging"), house.Recorder()
    left, seconds = drain(hanging, other, timeout=0.3)
    assert [(one["uploader"], one["state"]) for one in left] == [("hanging", "sending")]
    assert 0.3 <= seconds < 1
    assert other.numbers == house.all_numbers()
    gate.set()
    house.until(lambda: hanging.closed)


def test_an_image_under_review_holds_what_is_behind_it_and_the_queue_says_so(house, drain):
    house.shot(house.now)
    house.note("behind")
    left, _ = drain(backend := house.Recorder(), review=60)
    assert [(one["state"], one["reason"], one["pending"]) for one in left] == [
        ("waiting", "the review time of an image", 2)
    ]
    assert backend.numbers == [1]


def test_nothing_is_set_up_so_nothing_waits(drain):
    assert drain()[0] == []


def test_a_backend_that_is_no_longer_set_up_is_named_because_it_keeps_what_it_has(house, drain):
    house.note("a secret")
    assert drain(house.Recorder())[0] == []
    house.note("later")
    assert [(one["uploader"], one["state"], one["pending"]) for one in drain()[0]] == [("flaky", "not set up", 1)]
    assert drain(house.Recorder())[0] == []


def test_a_long_drain_can_be_followed_in_the_queue(house):
    house.note(*map(str, range(599)))
    gate = threading.Semaphore(0)
    delivery = house.deliver_to(house.Recorder(before=lambda _: gate.acquire(timeout=10)))
    for pending in (600, 344, 88, 0):
        house.until(lambda pending=pending: house.view(delivery)["pending"] == pending)
        gate.release()
    house.settled(delivery)


def test_an_image_that_is_erased_while_it_is_sent_neither_blocks_nor_crashes(house):
    shot, name = house.shot(house.now - 1)
    erased = []

    def erase_then_read(items):
        if not erased:
            erased.append(house.delete(shot.seq))
            blobs.remove(house.home / "blobs", name)
        for one in items:
            for image in one.images:
                image.open()

    backend = house.Recorder(before=erase_then_read)
    house.settled(house.deliver_to(backend))
    assert backend.numbers == house.all_numbers()
    assert [one.images for one in backend.items] == [(), (), ()]
    assert backend.items[-1].erases == ((shot.seq, "*"),)


def test_an_image_on_a_bad_sector_is_left_out_and_one_that_may_come_back_is_waited_for(house, monkeypatch):
    house.shot(house.now - 1)
    read = blobs.read
    failures = [errno.EMFILE, errno.EMFILE, errno.EIO]

    def fail(root, name):
        if not failures:
            return read(root, name)
        raise StorageError("the image cannot be read") from OSError(failures.pop(0), "trouble")

    monkeypatch.setattr(blobs, "read", fail)
    backend = house.Recorder(before=lambda items: [image.sealed() for one in items for image in one.images])
    house.settled(house.deliver_to(backend))
    assert failures == []
    assert [one.images for one in backend.items] == [(), ()]


def test_what_is_refused_again_is_set_aside_again_and_there_it_rests(house):
    house.note(*map(str, range(9)))
    backend = house.Recorder(rejects=[3, 5])
    delivery = house.deliver_to(backend)
    for _ in range(3):
        house.until(lambda: house.view(delivery)["quarantined"] == 2)
        offered = backend.deliveries
        time.sleep(0.05)
        assert backend.deliveries == offered
        connection = schema.connect(house.journal.path)
        assert queue.retry(connection, "flaky") == 2
        connection.close()
        delivery.retry("flaky")
        house.until(lambda offered=offered: backend.deliveries == offered + 1)
    assert sorted(backend.numbers) == [number for number in house.all_numbers() if number not in (3, 5)]


HANGING = """
import sys, time
from pathlib import Path
from workdiary.delivery.delivery import Delivery
from workdiary.journal.keys import KeyStore
from workdiary.journal.store import Draft, Journal
from workdiary.journal import entry

class Hanging:
    name = "hanging"
    def deliver(self, items):
        print("hangs", flush=True)
        time.sleep(3600)
    def close(self):
        pass

home = Path(sys.argv[1])
keys = KeyStore(home, keyring=False).load()
journal = Journal(home / "journal.sqlite", keys)
journal.append([Draft(contract="acme", type=entry.Manual, values={"slot": 1}, openings={"memo": "a"})], at_ms=1)
delivery = Delivery(journal.path, keys, home / "blobs", [Hanging()], review_seconds=0)
delivery.start()
sys.stdin.readline()
delivery.stop(0.2)
"""


def test_a_backend_that_hangs_does_not_keep_the_process_alive(tmp_path):
    command = [sys.executable, "-c", HANGING, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout.readline() == "hangs\n"
            begun = time.monotonic()
            child.communicate("stop\n", timeout=10)
            assert child.returncode == 0
            assert time.monotonic() - begun < 2
        finally:
            child.kill()
