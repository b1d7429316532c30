from __future__ import annotations

import json
import os
from contextlib import closing

import apsw
import pytest

from workdiary.errors import StorageError
from workdiary.journal import read, recover
from workdiary.journal.entry import Recover, Segment, decode, digest
from workdiary.journal.keys import from_secret
from workdiary.journal.store import Draft, Journal
from workdiary.paths import Home

KEYS = from_secret(json.dumps({"seed": "22" * 32, "identity": "none", "recipient": "age1test"}))
STATE = b'{"an":"open segment"}'


@pytest.fixture
def home(tmp_path):
    found = Home.find({"WORKDIARY_HOME": str(tmp_path / "home")})
    found.prepare()
    with closing(Journal(found.journal, KEYS)) as journal:
        for number in range(20):
            journal.append([segment(number, contract) for contract in ("acme", "beta")], at_ms=number, open_state=STATE)
    return found


def segment(number: int, contract: str = "acme") -> Draft:
    values = {"session": "s", "slot": number, "intervals": [(0, 1000)], "moments": []}
    return Draft(contract=contract, type=Segment, values=values, openings={"memo": f"memo {number}"})


def damage(home: Home, sql: str) -> None:
    with closing(apsw.Connection(str(home.journal))) as connection:
        connection.execute(sql)


def chain(home: Home, contract: str = "acme") -> list:
    with closing(Journal(home.journal, KEYS)) as journal:
        return read.chain_range(journal.connection, contract, 0, 10_000)


def asides(home: Home) -> list:
    return [path for path in home.data.glob("*.bad-*") if not path.name.endswith(("-wal", "-shm"))]


def test_a_sound_journal_is_left_alone(home):
    before = home.journal.read_bytes()
    assert recover.mend(home, KEYS) == ""
    assert home.journal.read_bytes() == before
    assert asides(home) == []


def test_where_there_is_no_journal_nothing_is_mended(tmp_path):
    assert recover.mend(Home.find({"WORKDIARY_HOME": str(tmp_path)}), KEYS) == ""


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET body = replace(CAST(body AS TEXT), '1000', '9000') WHERE number = 12",
        "UPDATE entry SET slot = slot + 1 WHERE number = 12",
        "UPDATE entry SET kind = 'gap' WHERE number = 12",
        "UPDATE entry SET digest = 'x' WHERE number = 12",
        "UPDATE entry SET seq = 900 WHERE number = 12",
        "DELETE FROM entry WHERE number = 12",
        "UPDATE chain SET contract = 'acmf' WHERE contract = 'acme'",
        "UPDATE open_state SET value = x'00'",
        "PRAGMA application_id = 7",
        "DROP TABLE opening",
    ],
)
def test_what_sqlite_cannot_see_is_found_and_mended(home, sql):
    with closing(apsw.Connection(str(home.journal))) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(sql.replace("= replace(CAST(body AS TEXT)", "= CAST(replace(CAST(body AS TEXT)").replace(
            "'9000')", "'9000') AS BLOB)"
        ))  # fmt: skip
    damaged = home.journal.read_bytes()
    assert "damaged" in recover.mend(home, KEYS)
    assert [path.read_bytes() for path in asides(home)] == [damaged]
    assert recover.mend(home, KEYS) == ""


def test_the_prefix_is_saved_with_its_values_and_the_hole_is_stated(home):
    before = chain(home)
    damage(home, "UPDATE entry SET digest = 'x' WHERE chain = 1 AND seq = 10")
    damage(home, "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '1000', '9000') AS BLOB)"
                 " WHERE chain = 1 AND seq = 10")  # fmt: skip
    assert "31 entries were saved, 11 were lost" in recover.mend(home, KEYS)
    after = chain(home)
    assert [row.body for row in after[:10]] == [row.body for row in before[:10]]
    assert after[9].openings == before[9].openings
    hole = after[10].entry
    assert isinstance(hole, Recover)
    assert (hole.lost_from, hole.lost_to, hole.seq, hole.prev) == (10, 20, 21, digest(before[9].body))
    assert len(chain(home, "beta")) == 21


def test_the_chain_goes_on_behind_a_hole_and_can_be_damaged_again(home):
    for _ in range(2):
        damage(home, "UPDATE entry SET digest = 'x' WHERE seq = 3")
        recover.mend(home, KEYS)
        with closing(Journal(home.journal, KEYS)) as journal:
            journal.append([segment(99)], at_ms=99)
        assert recover.mend(home, KEYS) == ""
    assert len(asides(home)) == 2


def test_a_wrong_digest_column_costs_nothing(home):
    before = [row.body for row in chain(home)]
    damage(home, "UPDATE entry SET digest = 'x' WHERE number = 12")
    recover.mend(home, KEYS)
    assert [row.body for row in chain(home)] == before


def test_the_open_segment_is_saved(home):
    damage(home, "UPDATE entry SET digest = 'x' WHERE number = 12")
    recover.mend(home, KEYS)
    with closing(Journal(home.journal, KEYS)) as journal:
        assert journal.saved_state() == STATE


def test_a_file_that_was_cut_off_keeps_what_is_left(home):
    with closing(Journal(home.journal, KEYS)) as journal:
        journal.append([segment(number) for number in range(20, 200)], at_ms=99)
    os.truncate(home.journal, home.journal.stat().st_size * 3 // 4 // 4096 * 4096)
    assert "damaged" in recover.mend(home, KEYS)
    assert len(chain(home)) > 50


@pytest.mark.parametrize("content", [b"", b"\x89PNG no database at all" * 500, b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_database_is_set_aside(home, content):
    home.journal.write_bytes(content)
    assert "0 entries were saved" in recover.mend(home, KEYS)
    assert [path.read_bytes() for path in asides(home)] == [content]
    with closing(Journal(home.journal, KEYS)) as journal:
        assert journal.last_number == 0


def test_entries_of_another_key_are_not_taken_over(home):
    other = from_secret(json.dumps({"seed": "33" * 32, "identity": "none", "recipient": "age1test"}))
    damage(home, "UPDATE entry SET digest = 'x' WHERE number = 12")
    assert "0 entries were saved" in recover.mend(home, other)


def test_a_journal_of_a_newer_version_is_not_touched(home):
    damage(home, "PRAGMA user_version = 99")
    before = home.journal.read_bytes()
    with pytest.raises(StorageError, match="newer"):
        recover.mend(home, KEYS)
    assert home.journal.read_bytes() == before


def test_a_damaged_value_is_as_good_as_none(home):
    damage(home, "UPDATE opening SET value = CAST('\"forged\"' AS BLOB) WHERE number = 2")
    rows = chain(home)
    assert rows[1].openings == {}
    assert "memo" in rows[2].openings
    assert decode(rows[1].body) == rows[1].entry
