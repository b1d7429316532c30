from __future__ import annotations

import json
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workdiary.journal import read
from workdiary.journal.entry import Edit, Gap, Segment, Session, Tombstone, commitment, digest
from workdiary.journal.keys import from_secret
from workdiary.journal.store import Draft, Journal

KEYS = from_secret(json.dumps({"seed": "44" * 32, "identity": "none", "recipient": "age1test"}))


@pytest.fixture
def journal(tmp_path):
    with closing(Journal(tmp_path / "journal.sqlite", KEYS)) as found:
        yield found


def segment(slot: int = 1, contract: str = "acme", images: tuple[str, ...] = ()) -> Draft:
    values = {"session": "s", "slot": slot, "intervals": [(0, 1000)], "moments": []}
    openings = {"memo": f"memo {slot}", "window": {"app": "editor", "title": "plan"}}
    return Draft(contract=contract, type=Segment, values=values, openings=openings, images=images)


def session(contract: str = "acme") -> Draft:
    return Draft(contract=contract, type=Session, values={"session": "s", "action": "start"})


def edit(*seqs: int) -> Draft:
    return Draft(contract="acme", type=Edit, values={"of": list(seqs)}, openings={"memo": "new memo"})


def tombstone(*seqs: int, fields: tuple[str, ...] = ("*",)) -> Draft:
    return Draft(contract="acme", type=Tombstone, values={"of": list(seqs), "fields": list(fields), "why": "owner"})


def rows(journal) -> list:
    return read.after(journal.connection, 0, 10_000)


drafts = st.lists(st.sampled_from((segment(), session(), segment(contract="beta"), session("gamma"))), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.lists(drafts, max_size=4))
def test_every_chain_is_without_holes_and_each_entry_names_the_one_before(tmp_path_factory, batches):
    with closing(Journal(tmp_path_factory.mktemp("journal") / "journal.sqlite", KEYS)) as journal:
        for batch in batches:
            journal.append(batch, at_ms=5)
        heads = {}
        for row in rows(journal):
            seq, prev = heads.get(row.entry.contract, (-1, "0" * 64))
            assert (row.entry.seq, row.entry.prev) == (seq + 1, prev)
            heads[row.entry.contract] = (row.entry.seq, digest(row.body))
        assert all(row.signature == KEYS.sign(row.body) for row in rows(journal))


def test_entries_and_state_go_in_together_or_not_at_all(journal):
    journal.append([segment()], at_ms=1, open_state=b"before")
    bad = Draft(contract="acme", type=Gap, values={"session": "s", "start": "never"})
    with pytest.raises(ValueError, match="start"):
        journal.append([segment(2), bad], at_ms=2, open_state=b"after")
    assert journal.saved_state() == b"before"
    assert len(rows(journal)) == 2
    assert journal.append([segment(2)], at_ms=3)[0].seq == 2


def test_an_empty_state_clears_it(journal):
    journal.append([], at_ms=1, open_state=b"state")
    journal.append([], at_ms=1, open_state=b"")
    assert journal.saved_state() == b""


def test_a_value_is_signed_as_a_salted_commitment(journal):
    journal.append([segment(), segment()], at_ms=1)
    _, one, other = rows(journal)
    salt, value = one.openings["memo"]
    assert one.entry.commits["memo"] == commitment("memo", salt, value)
    assert one.entry.commits["memo"] != other.entry.commits["memo"]
    assert b"memo 1" not in one.body


def test_a_tombstone_erases_values_salts_and_images_and_the_chain_stays(journal):
    journal.append([segment(images=("a" * 64,)), segment(2, images=("b" * 64,))], at_ms=1)
    bodies = [row.body for row in rows(journal)]
    journal.append([tombstone(1)], at_ms=2)
    after = rows(journal)
    assert after[1].openings == {}
    assert after[2].openings
    assert [row.body for row in after[:3]] == bodies
    assert journal.connection.execute("SELECT sha256 FROM unlink").fetchall() == [("a" * 64,)]
    assert journal.connection.execute("SELECT sha256 FROM image").fetchall() == [("b" * 64,)]


def test_a_tombstone_of_some_fields_keeps_the_others(journal):
    journal.append([segment()], at_ms=1)
    journal.append([tombstone(1, fields=("window",))], at_ms=2)
    assert set(rows(journal)[1].openings) == {"memo"}


def test_an_edits_memo_goes_with_the_last_segment_that_it_edits(journal):
    journal.append([segment(1), segment(2), edit(1, 2)], at_ms=1)
    journal.append([tombstone(1)], at_ms=2)
    assert rows(journal)[3].openings
    journal.append([tombstone(2)], at_ms=3)
    assert rows(journal)[3].openings == {}


def test_between_finds_what_was_said_later_of_a_slot(journal):
    journal.append([segment(1), segment(500), edit(1)], at_ms=600_000 * 900)
    assert [row.entry.seq for row in read.between(journal.connection, range(2))] == [1, 3]
