"""The example of the guide passes the kit, and forgets what it is told to forget."""

from __future__ import annotations

import importlib.util
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from workdiary.testing import Kept, StoreContract

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "archive.py"


@pytest.fixture
def archive(tmp_path):
    spec = importlib.util.spec_from_file_location("archive", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    one = module.Archive(tmp_path / "away" / "archive.sqlite")
    (tmp_path / "away").mkdir()
    yield one
    one.close()


class TestArchive(StoreContract):
    @pytest.fixture
    def uploader(self, archive):
        return archive

    @pytest.fixture
    def again(self, archive):
        return lambda: type(archive)(archive._file)

    @pytest.fixture
    def kept(self, archive):
        def read():
            with closing(sqlite3.connect(archive._file)) as store:
                for chain, seq, body, signature in store.execute("SELECT * FROM entry ORDER BY rowid").fetchall():
                    of = "WHERE chain = ? AND seq = ?"
                    values = store.execute(f"SELECT field, value FROM opening {of}", (chain, seq))
                    images = store.execute(f"SELECT sha256, sealed FROM image {of}", (chain, seq))
                    yield Kept(
                        chain=chain, seq=seq, body=body, signature=signature, openings=dict(values), images=dict(images)
                    )

        return lambda: list(read())

    @pytest.fixture
    def outage(self, archive):
        @contextmanager
        def gone():
            archive.close()
            archive._file.parent.rename(archive._file.parent.with_name("moved"))
            yield
            archive._file.parent.with_name("moved").rename(archive._file.parent)

        return gone


def test_a_deletion_leaves_nothing_in_the_file(house, archive):
    segment, _ = house.shot(house.start - 1)
    (note,) = house.note("a secret memo")
    worker = house.worker(archive)
    worker.turn()
    assert b"a secret memo" in archive._file.read_bytes()
    before = house.worker(house.Recorder())
    before.turn()
    house.delete(segment.seq, note.seq)
    worker.turn()
    archive.deliver(before._uploader.items)  # an old copy that arrives late
    for one in (worker, before):
        one._disconnect()
    assert b"a secret memo" not in archive._file.read_bytes()
    assert archive._connection.execute("SELECT count(*) FROM image").fetchone() == (0,)
    assert worker.live.state == "up to date"
