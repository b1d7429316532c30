from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest

from workdiary.delivery import cursor
from workdiary.delivery.backoff import Backoff
from workdiary.journal import entry as kinds
from workdiary.journal.store import Draft
from workdiary.uploader import AuthorizationError, TransientError


def test_refused_credentials_pause_until_asked(house):
    house.note("a")
    backend = house.Recorder([AuthorizationError("token expired")])
    delivery = house.deliver_to(backend)
    house.until(lambda: house.view(delivery)["state"] == "paused")
    house.note("b")
    delivery.poke()
    time.sleep(0.05)
    assert backend.deliveries == 1
    assert "workdiary queue retry flaky" in house.view(delivery)["reason"]
    delivery.retry("flaky")
    house.settled(delivery)
    assert backend.numbers == house.all_numbers()


def test_new_entries_do_not_shorten_the_wait_that_the_backend_asked_for(house):
    house.note("a")
    backend = house.Recorder([TransientError("busy", retry_after=0.3)])
    begun = time.monotonic()
    delivery = house.deliver_to(backend)
    house.until(lambda: house.view(delivery)["state"] == "retrying")
    for _ in range(10):
        delivery.poke()
    house.settled(delivery)
    assert backend.deliveries == 2
    assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize("asked", ["soon", float("nan"), float("inf"), -1, None])
def test_a_nonsensical_wish_is_not_followed(asked):
    assert 0 <= Backoff(random.Random(1)).wait(asked) <= 1


def test_waits_are_jittered_and_grow_to_a_quarter_of_an_hour():
    waits = [[backoff.wait() for _ in range(20)] for backoff in (Backoff(random.Random(seed)) for seed in range(200))]
    highest = [max(column) for column in zip(*waits, strict=True)]
    assert all(0.9 * min(900, 2**n) < high <= min(900, 2**n) for n, high in enumerate(highest))
    assert min(min(one[15:]) for one in waits) < 30


def test_an_image_waits_for_its_review_and_what_is_behind_it_too(house):
    house.note("before")
    (shot, _), (behind,) = house.shot(house.start), house.note("behind")
    backend = house.Recorder()
    delivery = house.deliver_to(backend, review=120)
    shown = house.until(lambda: (one := house.view(delivery))["state"] == "waiting" and one)
    assert (shown["pending"], shown["next_try_at"]) == (2, house.start + 120_000)
    house.now = house.start + 119_999
    delivery.poke()
    time.sleep(0.05)
    assert backend.numbers == [1, 2]
    house.now = house.start + 120_000
    delivery.poke()
    house.settled(delivery)
    assert backend.numbers == [1, 2, shot.number, behind.number]
    assert backend.items[2].images[0].open() == b"a picture"


def test_the_review_counts_from_the_notice_of_the_last_image(house):
    early = {"sha256": "0" * 64, "taken_at": house.start, "cause": "derived", "noticed_at": house.start + 300}
    late = {"sha256": "1" * 64, "taken_at": house.start + 50_000, "cause": "policy", "noticed_at": house.start + 58_000}
    opening = {"taken_at": house.start, "cause": "derived", "images": [early, late]}
    values = {"session": "s", "slot": 2, "intervals": [], "moments": []}
    draft = Draft(contract="acme", type=kinds.Segment, values=values, openings={"snapshot": opening})
    house.journal.append([draft], at_ms=house.now)
    house.now = house.start + 60_000
    delivery = house.deliver_to(house.Recorder(), review=120)
    shown = house.until(lambda: (one := house.view(delivery))["state"] == "waiting" and one)
    assert shown["next_try_at"] == house.start + 58_000 + 120_000


def test_an_image_that_nobody_was_told_of_waits_from_its_capture(house):
    house.shot(house.start, not_noticed="no notifier")
    delivery = house.deliver_to(house.Recorder(), review=120)
    shown = house.until(lambda: (one := house.view(delivery))["state"] == "waiting" and one)
    assert shown["next_try_at"] == house.start + 120_000


def test_the_end_of_the_review_wakes_the_thread_by_itself(house):
    house.shot(house.start - 999_800)
    backend = house.Recorder()
    house.deliver_to(backend, review=1000)
    house.until(lambda: backend.numbers == [1])
    house.now += 200
    house.until(lambda: backend.numbers == [1, 2], 2)


def test_a_clock_that_was_set_back_a_year_holds_an_image_for_one_review_only(house):
    house.shot(house.start + 365 * 86_400_000)
    begun = time.monotonic()
    house.settled(house.deliver_to(house.Recorder(), review=1))
    assert 1 <= time.monotonic() - begun < 5


def test_nothing_to_do_is_no_work_at_all(house, monkeypatch):
    house.note("a")
    delivery = house.deliver_to(house.Recorder())
    house.settled(delivery)
    looks = []
    due = cursor.due
    monkeypatch.setattr(cursor, "due", lambda *args: looks.append(args) or due(*args))
    thread = next(one for one in threading.enumerate() if one.name == "uploader-flaky")
    time.sleep(0.1)  # it has said that it is up to date, and is on its way to bed
    before = switches(thread)
    time.sleep(0.3)
    assert (looks, switches(thread)) == ([], before)
    delivery.poke()
    house.until(lambda: looks)


def switches(thread):
    text = Path(f"/proc/self/task/{thread.native_id}/status").read_text()
    return [line for line in text.splitlines() if line.startswith("voluntary_ctxt")]
