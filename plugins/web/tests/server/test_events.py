"""Pages hear what happens: from a tracker, and from the journal without one."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from webclient import until

from workdiary.builtin.rules import RULES
from workdiary.desk.book import LocalBook
from workdiary.link import client
from workdiary_web.server.events import MOST


class Page:
    """A page that listens."""

    def __init__(self, process):
        self.link = process.connect()
        self.link.sendall(process.request(path=f"{process.base}/events"))
        self.text = b""
        until(lambda: self._read() and b"\r\n\r\n" in self.text)
        self.status = int(self.text.split()[1])

    def _read(self):
        self.link.settimeout(0.05)
        with contextlib.suppress(TimeoutError):
            self.text += self.link.recv(1 << 16)
        return self.text

    def kinds(self):
        self._read()
        lines = self.text.decode().splitlines()
        return [json.loads(line.removeprefix("data: "))["kind"] for line in lines if line.startswith("data: ")]

    def hears(self, kind, seconds=20.0):
        until(lambda: kind in self.kinds(), seconds)
        return True

    def close(self):
        self.link.close()


@pytest.fixture
def listen():
    pages = []

    def start(process):
        pages.append(Page(process))
        return pages[-1]

    yield start
    for one in pages:
        one.close()


def track(home, *words):
    done = subprocess.run(
        [sys.executable, "-m", "workdiary", *words], capture_output=True, text=True, check=False, timeout=30,
        env={**os.environ, "WORKDIARY_HOME": str(home.data.parent)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_change_of_the_journal_without_a_tracker_is_told(web, home, diary, listen):
    process = web()
    process.enter()
    page = listen(process)
    assert page.status == 200
    assert "Content-Type: text/event-stream" in page.text.decode()
    time.sleep(0.5)  # the watcher has looked once
    LocalBook(home, RULES).change("edit_memo", segments=diary, memo="another")
    assert page.hears("changed")


def test_events_of_a_tracker_reach_every_page_and_hold_no_text(web, home, diary, listen):
    process = web()
    process.enter()
    pages = [listen(process), listen(process)]
    time.sleep(0.3)
    track(home, "start", "acme", "--memo", "secret words")
    try:
        assert all(page.hears("started") for page in pages)
        client.call(home.socket, "memo", memo="secret words too")
        assert all(page.hears("memo-changed") for page in pages)
    finally:
        track(home, "stop")
    assert all(page.hears("ended") for page in pages)
    assert not [page for page in pages if b"secret" in page.text]
    (event, *_) = [json.loads(line[6:]) for line in pages[0].text.decode().splitlines() if "memo-changed" in line]
    assert set(event) == {"kind", "contract", "wall_ms"}
    assert event["contract"] == "acme"


def test_pages_are_served_while_as_many_as_may_listen(web, home, diary, listen):
    process = web()
    process.enter()
    pages = [listen(process) for _ in range(MOST)]
    assert {page.status for page in pages} == {200}
    extra = listen(process)
    assert extra.status == 204  # a browser does not come back after that
    began = time.monotonic()
    assert all(process.ask(path="/day").status == 200 for _ in range(5))
    assert time.monotonic() - began < 10


def test_the_place_of_a_page_that_has_gone_is_free_at_once(web, home, diary, listen):
    process = web()
    process.enter()
    for _ in range(4):
        pages = [listen(process) for _ in range(MOST)]
        assert {page.status for page in pages} == {200}
        for page in pages:
            page.close()
        time.sleep(0.05)


def test_a_page_that_listens_keeps_the_process_and_sigterm_ends_both(web, home, diary, listen):
    process = web(idle=1.5)
    process.enter()
    page = listen(process)
    time.sleep(2.5)
    assert process.process.poll() is None
    assert process.end() == 0
    until(lambda: page.link.recv(1 << 16) == b"")


def test_nobody_watches_when_nobody_listens(web, home, diary, listen):
    process = web()
    process.enter()

    def threads():
        return len(list(Path(f"/proc/{process.process.pid}/task").iterdir()))

    before = threads()
    page = listen(process)
    assert threads() == before + 1
    page.close()
    # the stream is left when it is written to next, or when its place is needed
    again = listen(process)
    assert threads() == before + 1
    again.close()
