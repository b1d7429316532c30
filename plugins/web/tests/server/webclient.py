"""A real web process on a real socket, and a client that sends whatever bytes it is told to."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from workdiary.builtin.rules import RULES
from workdiary.desk.book import LocalBook
from workdiary.slots import SLOT_MS
from workdiary_web.server.links import mint
from workdiary_web.server.place import Place

RUN = Path(__file__).with_name("run.py")
SECRET = "marmalade"  # noqa: S105 - it is a memo
TERMS = {"rate": 5000, "currency": "EUR", "manual": True, "keep_time": True}


def until(condition, seconds=20.0):
    """Wait for a condition and return what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)
    return found


@dataclass
class Answer:
    """What came back: nothing at all has the status 0."""

    status: int
    head: str
    body: bytes
    late: bool = False  #: the connection was still open when patience ended

    def header(self, name):
        found = [
            line.partition(": ")[2] for line in self.head.splitlines() if line.lower().startswith(f"{name.lower()}:")
        ]
        return found[0] if found else None


class Web:
    """A running web process, and somebody who may look at it."""

    def __init__(self, home, idle=600.0, delay=8.0, site="real"):
        self.home = home
        self.place = Place.of(home, None)
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(RUN), str(idle), str(delay), site],
            env={**os.environ, "WORKDIARY_HOME": str(home.data.parent)},
            stdout=subprocess.DEVNULL,
        )
        try:
            self.running = until(self._up)
        except AssertionError:
            self.process.kill()
            self.process.wait()
            raise
        self.port, self.base = self.running.port, self.running.base
        self.host = f"127.0.0.1:{self.port}"
        self.cookie = ""

    def _up(self):
        assert self.process.poll() is None, "it ended"
        return self.place.running()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)

    def send(self, raw, patience=5.0):
        """Send these bytes; return what comes until the connection is closed."""
        data, late = b"", False
        with self.connect() as link:
            link.settimeout(patience)
            with contextlib.suppress(ConnectionError):  # refused before all was sent
                link.sendall(raw)
            try:
                while more := link.recv(1 << 16):
                    data += more
            except ConnectionError:
                pass
            except TimeoutError:
                late = True
        head, _, body = data.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 0
        return Answer(status, head.decode("latin-1"), body if status else data, late)

    def request(self, method="GET", path="/", *, body=b"", **headers):
        """Return a lawful request of a page of ours as bytes; a header that is given as None is left out."""
        lines = {
            "Host": self.host,
            "Cookie": self.cookie,
            "Sec-Fetch-Site": "same-origin",
            "Origin": f"http://{self.host}" if method == "POST" else None,
            "Content-Type": "application/x-www-form-urlencoded" if method == "POST" else None,
            "Content-Length": str(len(body)) if method == "POST" else None,
            "Connection": "close",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
        return f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode("latin-1") + body

    def ask(self, method="GET", path="/", **others):
        """Send a lawful request for a path below the base."""
        return self.send(self.request(method, f"{self.base}{path}", **others))

    def ticket(self, **others):
        given = {"secret": self.place.secret.read_bytes(), "base": self.base, "now": time.time(), **others}
        return mint(given["secret"], given["base"], now=given["now"])

    def enter(self, ticket=None, method="GET"):
        answer = self.ask(method, f"/enter/{ticket or self.ticket()}", Cookie=None)
        if answer.status == 303:
            self.cookie = answer.header("Set-Cookie").partition(";")[0]
        return answer

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(10)


def write_diary(home):
    """Make a diary with three segments of manual time whose memo must not be told; return their ids."""
    book = LocalBook(home, RULES)
    home.prepare()
    book.change("contract_add", contract="acme", terms=TERMS)
    start = (time.time_ns() // 1_000_000 // SLOT_MS - 4) * SLOT_MS
    book.change("manual_add", contract="acme", start_ms=start, slots=3, memo=SECRET)
    return [one.id for number in book.weeks("acme") for one in book.week("acme", number).segments]


def fingerprint(home):
    """Return a hash of all that the diary keeps."""
    files = sorted(path for path in home.data.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()
