from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from workdiary.testing import PluginContract, UploaderContract
from workdiary_http.uploader import Http


class TestPlugin(PluginContract):
    @pytest.fixture
    def entry_point(self) -> str:
        return "http"


class TestUploader(UploaderContract):
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
