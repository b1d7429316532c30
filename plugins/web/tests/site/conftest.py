"""The pages on a real journal, asked without a server."""

from __future__ import annotations

import importlib.util
import io
import re
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from workdiary.desk import book as books
from workdiary.desk import desk
from workdiary_web.site import make_application

DAY = date(2026, 11, 23)
NOW_MS = int(datetime(2026, 11, 23, 18, 4, 30, tzinfo=UTC).timestamp()) * 1000


def _load() -> Any:
    name = "workdiary_web_stage"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("stage.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


stage = _load()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def words(self) -> str:
        """What a reader sees, without markup."""
        plain = re.sub(r"<[^>]*>", " ", re.sub(r"<head>.*?</head>", "", self.text, flags=re.DOTALL))
        return " ".join(unescape(plain).split())


class Site:
    """A diary and its pages."""

    def __init__(self, root: Path, **values: Any) -> None:
        self.root = root
        self.book = values.pop("book", None) or stage.book_of(root)
        self.pending = stage.MemoryPending(self.book, lambda: NOW_MS)
        self.cookie = ""
        given = {"zone": "Europe/Berlin", "base": "/x7Qd", "wall_ms": lambda: NOW_MS, **values}
        self.application = make_application(self.book, pending=self.pending, **given)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, b"", headers)

    def post(self, path: str, *pairs: tuple[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(pairs).encode(), {})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        address = urlsplit(path)
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": "/x7Qd/" + address.path,
            "QUERY_STRING": address.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_COOKIE": self.cookie,
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
            **{"HTTP_" + name.upper(): value for name, value in headers.items()},
        }
        said: list[Any] = []
        parts = self.application(environ, lambda status, fields, _info=None: said.extend((status, fields)))
        data = b"".join(parts)
        fields = dict(said[1])
        if "Set-Cookie" in fields:
            self.cookie = fields["Set-Cookie"].split(";")[0]
        return Answer(status=int(said[0].split()[0]), headers=fields, body=data)

    def id_of(self, text: str) -> str:
        """Return the id of the first segment whose window or memo has *text*."""
        weeks = [self.book.week(name, 2968) for name in self.book.terms()]
        return next(
            one.id
            for week in weeks
            for one in week.segments
            if text in f"{one.window} {one.memo} {one.snapshot_missing}"
        )


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch):
    for module in (desk, books):
        monkeypatch.setattr(module, "system_clock", lambda: SimpleNamespace(wall=NOW_MS))


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory):
    """A diary with every state, for tests that change nothing."""
    root = tmp_path_factory.mktemp("home")
    writer = stage.Writer(stage.Home.find({"WORKDIARY_HOME": str(root)}))
    stage.every_state(writer, DAY)
    writer.journal.close()
    return Site(root)


@pytest.fixture
def empty(tmp_path):
    return Site(tmp_path / "nothing")


@pytest.fixture
def made(tmp_path):
    """Return a writer to fill a diary, and a function that makes its site."""
    root = tmp_path / "home"
    writer = stage.Writer(stage.Home.find({"WORKDIARY_HOME": str(root)}))
    yield SimpleNamespace(writer=writer, site=lambda **values: Site(root, **values))
    writer.journal.close()
