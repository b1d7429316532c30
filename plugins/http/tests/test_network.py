"""Networks and servers on bad days, through a proxy of faults."""

from __future__ import annotations

import random

import pytest

from workdiary.testing.network import Canned
from workdiary.testing.proxy import Fault, FaultProxy
from workdiary.uploader import HaltError, Stored, TransientError
from workdiary_http.uploader import Http

DROP = 0.3


def test_the_token_follows_no_redirect(house, peer, tmp_path):
    with Canned(307, {"Location": "http://127.0.0.1:9/"}) as between, pytest.raises(HaltError, match="307"):
        Http(between.url, peer.token, tmp_path / "state").deliver(house.items())


@pytest.mark.parametrize(
    "fault", [one for one in Fault if one not in {Fault.NONE, Fault.DUPLICATE, Fault.DELAY, Fault.DRIP}]
)
def test_each_fault_is_transient_and_the_same_items_arrive_afterwards(house, peer, tmp_path, fault, kept):
    house.note("note")
    house.shot(b"a picture")
    items, faults = house.items(), [fault]
    with FaultProxy(peer.port, lambda: faults.pop() if faults else Fault.NONE) as between:
        uploader = Http(between.url, peer.token, tmp_path / "state")
        with pytest.raises(TransientError):
            uploader.deliver(items)
        assert all(isinstance(one, Stored) for one in uploader.deliver(items))
    assert kept(items)


def test_at_thirty_percent_faults_each_entry_and_image_arrives_once_and_whole(house, peer, tmp_path, kept):
    names = [house.shot(b"picture %d" % number)[1] for number in range(20)]
    for number in range(80):
        house.note(f"note {number}", contract=("acme", "other")[number % 2])
    rng = random.Random(1)
    bad = [one for one in Fault if one is not Fault.NONE]
    with FaultProxy(peer.port, lambda: rng.choice(bad) if rng.random() < DROP else Fault.NONE, delay_s=0.01) as between:
        delivery = house.deliver(Http(between.url, peer.token, tmp_path / "state"))
        house.until(lambda: kept(house.items()) and delivery.summary()[0]["pending"] == 0)
        assert len(set(between.seen)) > len(Fault) // 2  # the control: there were faults
    assert all(peer.store.has_image(name) for name in names)
    assert delivery.summary()[0]["quarantined"] == 0


def test_a_server_restored_from_a_backup_is_healed_without_a_hand(house, peer, tmp_path, uploader, kept):
    house.note("before the backup")
    delivery = house.deliver(uploader)
    house.until(lambda: kept(house.items()))
    peer.stop()
    saved = (peer.folder / "peer.sqlite").read_bytes()
    peer.start()
    for number in range(10):
        house.note(f"note {number}")
        delivery.poke()
    house.until(lambda: kept(house.items()))
    peer.stop()
    for path in peer.folder.glob("peer.sqlite*"):
        path.unlink()
    (peer.folder / "peer.sqlite").write_bytes(saved)
    peer.start()
    house.note("after it")
    delivery.poke()
    house.until(lambda: kept(house.items()))
    assert delivery.summary()[0]["quarantined"] == 0
