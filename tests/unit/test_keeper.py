from __future__ import annotations

import hashlib
import json
import os
import time

import apsw
import pytest

from workdiary.errors import StorageError
from workdiary.journal import blobs, schema
from workdiary.journal.entry import Segment, Tombstone
from workdiary.journal.keeper import ORPHAN_S, Keeper
from workdiary.journal.keys import from_secret
from workdiary.journal.store import Draft
from workdiary.paths import Home

KEYS = from_secret(json.dumps({"seed": "11" * 32, "identity": "none", "recipient": "age1test"}))
SLOT = 2_983_000


@pytest.fixture
def home(tmp_path):
    found = Home.find({"WORKDIARY_HOME": str(tmp_path / "home")})
    found.prepare()
    return found


@pytest.fixture
def keeper(home):
    found = Keeper(home, KEYS)
    yield found
    found.close()


def segment(images: tuple[str, ...] = ()) -> Draft:
    values = {"session": "s", "slot": SLOT, "intervals": [(0, 600_000)], "moments": []}
    return Draft(contract="acme", type=Segment, values=values, openings={"memo": "secret plan"}, images=images)


def erase(seq: int) -> Draft:
    return Draft(contract="acme", type=Tombstone, values={"of": [seq], "fields": ["*"], "why": "owner"})


class Failing:
    """The journal's append, failing as often as it is told to."""

    def __init__(self, keeper: Keeper, *errors: Exception) -> None:
        self.errors = list(errors)
        self.append = keeper.journal.append
        keeper.journal.append = self

    def __call__(self, drafts, **options):
        if self.errors:
            raise self.errors.pop(0)
        return self.append(drafts, **options)


def test_a_full_disk_costs_the_ballast_and_not_the_entry(keeper):
    assert not keeper.is_short_of_space
    Failing(keeper, apsw.FullError())
    assert [one.seq for one in keeper.write([segment()], at_ms=1)] == [1]
    assert keeper.is_short_of_space
    assert "images are not" in keeper.trouble


def test_the_ballast_comes_back_when_there_is_room(keeper):
    Failing(keeper, apsw.FullError())
    keeper.write([segment()], at_ms=1)
    keeper.care()
    assert not keeper.is_short_of_space
    assert keeper.trouble == ""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (apsw.FullError, "the disk is full"),
        (apsw.ReadOnlyError, "cannot be written"),
        (apsw.BusyError, "another program"),
        (apsw.IOError, "the disk fails"),
        (apsw.CorruptError, "damaged"),
    ],
)
def test_what_the_disk_refuses_twice_is_a_clear_error_and_may_be_tried_again(keeper, error, words):
    Failing(keeper, error(), error())
    with pytest.raises(StorageError, match=words):
        keeper.write([segment()], at_ms=1)
    assert words in keeper.trouble
    assert [one.seq for one in keeper.write([segment()], at_ms=1)] == [1]


def test_an_entry_that_was_written_in_spite_of_an_error_is_not_written_twice(keeper):
    append = keeper.journal.append

    def written_but_refused(drafts, **options):
        keeper.journal.append = append
        last = keeper.journal.last_number
        append(drafts, **options)
        keeper.journal.last_number = last
        raise apsw.IOError

    keeper.journal.append = written_but_refused
    assert [one.number for one in keeper.write([segment()], at_ms=1)] == [1, 2]
    assert keeper.journal.connection.execute("SELECT count(*) FROM entry").get == 2


def test_when_no_new_connection_can_be_had_the_old_one_still_reads(keeper, monkeypatch):
    keeper.write([segment()], at_ms=1)

    def refuse(*_, **__):
        raise apsw.CantOpenError

    Failing(keeper, apsw.IOError())
    with monkeypatch.context() as patch:
        patch.setattr(schema, "connect", refuse)
        with pytest.raises(StorageError):
            keeper.write([segment()], at_ms=1)
    assert keeper.journal.saved_state() == b""
    assert [one.seq for one in keeper.write([segment()], at_ms=1)] == [2]


def test_an_erased_image_and_text_are_in_no_file(home, keeper):
    name = blobs.write(home.blobs, b"image")
    keeper.write([segment((name,))], at_ms=1)
    keeper.write([erase(1)], at_ms=2)
    assert keeper.erase_leftovers()
    assert list(home.blobs.glob("*/*")) == []
    assert not any(b"secret plan" in path.read_bytes() for path in home.data.rglob("*") if path.is_file())


def test_an_image_that_cannot_be_unlinked_now_goes_later(home, keeper, monkeypatch):
    name = blobs.write(home.blobs, b"image")
    keeper.write([segment((name,))], at_ms=1)
    keeper.write([erase(1)], at_ms=2)

    def refuse(*_):
        raise StorageError("no")

    with monkeypatch.context() as patch:
        patch.setattr(blobs, "remove", refuse)
        assert not keeper.erase_leftovers()
    keeper.care()
    assert list(home.blobs.glob("*/*")) == []


def test_a_reader_only_delays_the_erasure(home, keeper):
    keeper.write([segment()], at_ms=1)
    reader = schema.connect_readonly(home.journal)
    reader.set_busy_timeout(1)
    keeper.journal.connection.set_busy_timeout(1)
    rows = reader.execute("SELECT * FROM entry")
    next(rows)
    keeper.write([erase(1)], at_ms=2)
    assert not keeper.erase_leftovers()
    rows.close()
    reader.close()
    keeper.care()
    assert keeper.erase_leftovers()


def test_only_images_that_nothing_names_are_swept(home, keeper, monkeypatch):
    names = [blobs.write(home.blobs, data) for data in (b"row", b"open segment", b"orphan")]
    keeper.write([segment((names[0],))], at_ms=1, state=f'{{"sha256":"{names[1]}"}}'.encode())
    assert keeper.sweep() == 0
    later = time.time() + ORPHAN_S + 5
    monkeypatch.setattr(time, "time", lambda: later)
    assert keeper.sweep() == 1
    left = {path.name for path in home.blobs.glob("*/*")}
    assert left == {hashlib.sha256(data).hexdigest() for data in (b"row", b"open segment")}


def test_a_journal_that_cannot_be_opened_is_a_clear_error(home):
    home.journal.mkdir()
    with pytest.raises(StorageError, match="cannot be written"):
        Keeper(home, KEYS)


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_the_journal_is_private(home, keeper):
    keeper.write([segment()], at_ms=1)
    assert all(path.stat().st_mode & 0o077 == 0 for path in home.data.glob("journal.sqlite*"))
