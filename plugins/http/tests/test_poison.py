"""One entry that the server cannot take, among a thousand."""

from __future__ import annotations

import json

from workdiary.delivery import queue
from workdiary.journal import schema
from workdiary.testing.peer import store


def refuse(monkeypatch, poison):
    """Have the server refuse one body."""
    good = store.Store._check

    def check(self, one, *rest):
        if one.body == poison:
            raise store._RejectedError("opening", "this server cannot read it")
        good(self, one, *rest)

    monkeypatch.setattr(store.Store, "_check", check)


def test_one_poison_among_a_thousand_waits_alone_is_exported_and_goes_when_the_server_is_mended(
    house, peer, uploader, kept, monkeypatch, tmp_path
):
    for number in range(999):
        house.note(f"note {number}")
    items = house.items()  # the key of the device is the thousandth
    poison = items[500]
    assert len(items) == 1000
    refuse(monkeypatch, poison.body)
    delivery = house.deliver(uploader)
    house.until(lambda: not delivery.summary()[0]["pending"])
    assert delivery.summary()[0]["quarantined"] == 1
    assert len(peer.store.rows(poison.chain)) == 999
    out = tmp_path / "refused"
    connection = schema.connect_readonly(house.home / "journal.sqlite")
    assert queue.export(connection, "http", out) == 1
    connection.close()
    document = json.loads((out / f"{poison.number}.json").read_text())
    assert document["reason"] == "opening: this server cannot read it"
    assert document["body"].encode() == poison.body
    assert document["openings"]["memo"]["value"] == "note 499"
    monkeypatch.undo()
    delivery.retry("http")
    house.until(lambda: kept(items))
    house.until(lambda: not delivery.summary()[0]["quarantined"])
