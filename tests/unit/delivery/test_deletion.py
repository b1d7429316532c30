from __future__ import annotations

import pytest

from workdiary.delivery import queue
from workdiary.errors import UsageError
from workdiary.journal import entry as kinds
from workdiary.journal.store import Draft
from workdiary.uploader import Rejected


def test_a_deletion_in_time_leaves_nothing_to_send_and_a_later_one_is_told(house):
    (first, _), (second,) = house.shot(house.start), house.note("a secret")
    backend = house.Recorder()
    delivery = house.deliver_to(backend, review=120)
    house.until(lambda: house.view(delivery)["state"] == "waiting")
    house.delete(first.seq)
    delivery.poke()
    house.settled(delivery)
    assert backend.items[1].openings == {}
    assert backend.items[1].images == ()
    assert backend.items[2].openings["memo"][1] == b'"a secret"'
    house.delete(second.seq)
    delivery.poke()
    house.until(lambda: len(backend.items) == 5)
    assert backend.items[-1].erases == ((second.seq, "*"),)


def test_what_was_deleted_while_it_was_open_is_sent_without_any_value(house):
    opening = {"taken_at": house.start, "cause": "derived", "images": [{"sha256": "0" * 64, "taken_at": house.start}]}
    values = {"session": "s", "slot": 2, "intervals": [(0, 9)], "moments": []}
    draft = Draft(
        contract="acme", type=kinds.Segment, values=values, deleted=True, images=("0" * 64,),
        openings={"snapshot": opening, "window": {"app": "editor", "title": "a secret"}},
    )  # fmt: skip
    house.journal.append([draft], at_ms=house.now)
    backend = house.Recorder()
    house.settled(house.deliver_to(backend, review=120))
    assert [item.kind for item in backend.items] == ["key", "segment", "tombstone"]
    assert (backend.items[1].openings, backend.items[1].images) == ({}, ())
    assert backend.items[2].erases == ((1, "*"),)


def test_a_deletion_names_the_edits_whose_memos_went_with_it(house):
    first, second = house.note("a", "b")
    edit = house.append(kinds.Edit, [first.seq, second.seq], openings={"memo": "mended"})
    house.delete(first.seq)
    backend = house.Recorder()
    delivery = house.deliver_to(backend)
    house.settled(delivery)
    assert backend.items[-1].erases == ((first.seq, "*"),)
    house.delete(second.seq)
    delivery.poke()
    house.until(lambda: len(backend.items) == 6)
    assert backend.items[-1].erases == ((second.seq, "*"), (edit.seq, "*"))


def test_a_deletion_reaches_what_was_refused(house, tmp_path):
    class Quoting(house.Recorder):
        def deliver(self, items):
            return [
                Rejected(number=one.number, reason="too secret: a secret") if one.number == 2 else answer
                for one, answer in zip(items, super().deliver(items), strict=True)
            ]

    (entry,) = house.note("a secret")
    delivery = house.deliver_to(Quoting())
    house.settled(delivery)
    run = house.journal.connection
    assert queue.export(run, "flaky", tmp_path / "before") == 1
    assert "a secret" in (tmp_path / "before" / "2.json").read_text()
    house.delete(entry.seq)
    assert queue.export(run, "flaky", tmp_path / "after") == 1
    assert "a secret" not in (tmp_path / "after" / "2.json").read_text()
    with pytest.raises(UsageError, match="cannot be written"):
        queue.export(run, "flaky", tmp_path / "after")
