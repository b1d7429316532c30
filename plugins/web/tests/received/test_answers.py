"""The freelancer's pages show what the client answered; and the whole way over a real server."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "site"))
import stage
from test_received import Browser

from workdiary.builtin.rules import RULES
from workdiary.desk import desk
from workdiary.desk.reader import Reader
from workdiary.desk.received import ReceivedBook
from workdiary.desk.reviews import take
from workdiary.paths import Home
from workdiary.slots import day_slots, week_of

DAY = date(2026, 11, 24)
WEEK = week_of(day_slots(DAY).start)
HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def home(tmp_path):
    found = Home.find({"WORKDIARY_HOME": str(tmp_path / "home")})
    stage.every_state(stage.Writer(found), DAY)
    return found


def test_the_freelancers_pages_show_the_dispute_with_its_reasons(home, tmp_path):
    book = stage.book_of(home.data.parent)
    first, second = [one.id for one in book.week("acme", WEEK).segments][:2]
    other = Home.find({"WORKDIARY_HOME": str(tmp_path / "client")})
    client = ReceivedBook(book.export("acme", WEEK, images=False), RULES, lambda: desk.own_keys(other))
    review = client.answer({second: HOSTILE}, name="Ada <b>", at_ms=1_795_700_000_000)
    browser = Browser(book)
    assert "the client" not in browser("/week/2026-W48")[2].decode().split("contract-week")[1]
    take(home, Reader.open(home, RULES), RULES, review.data, accept_key=False, now_ms=1_795_700_000_000)
    week, day = browser("/week/2026-W48")[2].decode(), browser("/day/2026-11-24")[2].decode()
    assert "disputed by the client" in week
    assert review.fingerprint in week
    assert "&lt;script&gt;alert" in week
    assert "disputed: <bdi>&lt;script&gt;" in day
    assert HOSTILE not in week + day
    assert "approved by the client" in browser(f"/segment/{first}")[2].decode()
    assert "disputed: &lt;script&gt;" in browser(f"/segment/{second}")[2].decode()
    (kept,) = home.reviews.iterdir()
    kept.write_bytes(kept.read_bytes().replace(b'"v":1', b'"v":2'))
    assert "an answer that cannot be used" in Browser(stage.book_of(home.data.parent))("/week/2026-W48")[2].decode()


class Visitor:
    """A browser that was let in by a one-time address."""

    def __init__(self, address):
        parts = urlsplit(address)
        self.port, self.base, self.cookie = parts.port, "/" + parts.path.split("/")[1], ""
        _, headers, _ = self.ask("GET", parts.path, whole=True)
        self.cookie = headers["Set-Cookie"].split(";")[0]

    def ask(self, method, path, body=None, *, whole=False):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        origin = f"http://127.0.0.1:{self.port}"
        headers = {"Cookie": self.cookie, "Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path if whole else self.base + path, body, headers)
        answer = connection.getresponse()
        found = (answer.status, dict(answer.getheaders()), answer.read())
        connection.close()
        return found


def test_a_week_with_its_pictures_goes_to_the_browser_of_the_client_and_back(home, tmp_path):
    def run(who, *arguments, code=0):
        env = {**os.environ, "WORKDIARY_HOME": str(home.data.parent if who == "freelancer" else tmp_path / who)}
        command = [sys.executable, "-m", "workdiary", *arguments]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    run("freelancer", "export", "--week", "2026-W48", "--contract", "acme", "--images", "--out", "week.zip")
    visitor = Visitor(run("client", "open", "week.zip", "--print").strip())
    (running,) = (tmp_path / "client" / "run").glob("web-*.json")
    try:
        _, _, page = visitor.ask("GET", "/review")
        assert b"This record is in order." in page
        one, two = re.findall(r'name="segment" value="([^"]+)"', page.decode())[:2]
        status, headers, picture = visitor.ask("GET", f"/segment/{one}/image/0/picture")
        assert (status, headers["Content-Type"], picture[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
        form = urlencode([("segment", one), ("segment", two), ("reason", "we did not talk"), ("action", "dispute")])
        status, headers, answer = visitor.ask("POST", "/review", form)
        assert (status, headers["Content-Type"]) == (200, "application/json")
    finally:
        os.kill(json.loads(running.read_text())["pid"], signal.SIGTERM)
    (tmp_path / "answer.json").write_bytes(answer)
    said = json.loads(run("freelancer", "review", "import", "answer.json", "--json"))
    assert [(each["id"], each["reason"]) for each in said["disputed"]] == [
        (one, "we did not talk"),
        (two, "we did not talk"),
    ]

    changed = bytearray((tmp_path / "week.zip").read_bytes())
    changed[2000] ^= 1
    (tmp_path / "changed.zip").write_bytes(changed)
    assert "cannot be read as the export of a week" in run("client", "open", "changed.zip", "--print", code=3)
    (tmp_path / "changed.json").write_bytes(answer.replace(b"did not", b"did now"))
    said = run("freelancer", "review", "import", "changed.json", code=3)
    assert "the file was changed after it was signed" in said
