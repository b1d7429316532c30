from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from workdiary.journal import entry as kinds
from workdiary.testing import Kept, NetworkContract, PluginContract
from workdiary.testing.keeping import HOSTILE
from workdiary_http.uploader import Http


class TestPlugin(PluginContract):
    @pytest.fixture
    def entry_point(self) -> str:
        return "http"


class TestUploader(NetworkContract):
    @pytest.fixture
    def uploader(self, peer, tmp_path):
        found = Http(peer.url, peer.token, tmp_path / "state")
        yield found
        found.close()

    @pytest.fixture
    def items(self, house):
        house.note("a private title")
        house.shot(b"a picture")
        return house.items()

    @pytest.fixture
    def outage(self, peer):
        @contextlib.contextmanager
        def down():
            peer.stop()
            yield
            peer.start()

        return down

    @pytest.fixture
    def bad_item(self, house):
        house.note("bad", contract="bad")
        return replace(house.items()[0], body=b'{"kind":"nothing"}')

    @pytest.fixture
    def connect(self, peer, tmp_path):
        return lambda url: Http(url, peer.token, tmp_path / "elsewhere")

    @pytest.fixture
    def port(self, peer):
        return peer.port

    @pytest.fixture
    def kept(self, peer):
        return lambda: list(look(peer.store))

    @pytest.fixture
    def again(self, peer, tmp_path):
        return lambda: Http(peer.url, peer.token, tmp_path / "state")

    @pytest.fixture
    def others(self, house, items):
        assert items
        house.note("another client's", contract="beta")
        return [one for one in house.items() if one.chain.endswith("/beta")]

    @pytest.fixture
    def hostile(self, house):
        for text in HOSTILE:
            house.note(text[:9_000])  # a memo's longest is less than what a body may be
        return house.items()

    @pytest.fixture
    def many(self, house):
        for number in range(300):
            house.note(f"note {number}")
        return house.items()

    @pytest.fixture
    def tombstone(self, house, items):
        seqs = [one.seq for one in items if one.images]
        house.append(kinds.Tombstone, of=seqs, fields=["*"], why="owner")
        return house.items()[-1]


def look(store):
    """Yield what lies in the server's store."""
    for chain in store.heads():
        for seq, body, signature in store.rows(chain):
            openings = {name: value for name, (_, value) in store.openings(chain, seq).items()}
            images = {name: store.image(name) for name in store.shown(chain, seq)}
            yield Kept(chain=chain, seq=seq, body=body, signature=signature, openings=openings, images=images)
