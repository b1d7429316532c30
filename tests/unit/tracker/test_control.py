"""The socket's promises: whatever a client does, the tracker goes on and answers the others."""

from __future__ import annotations

import selectors
import socket
import stat
import threading

import pytest

from workdiary.errors import RuleError, UsageError, WorkdiaryError
from workdiary.link import client
from workdiary.link.watch import Watch
from workdiary.payloads import Event, EventKind
from workdiary.tracker.control import MAX_LINE, ControlServer

REFUSED = {"rule": RuleError("no", remedy="yes"), "bug": AssertionError("inside"), "deep": RecursionError("inside")}


class Server:
    """A control server with a loop of its own."""

    def __init__(self, path) -> None:
        self.path = path
        self.selector = selectors.DefaultSelector()
        self.control = ControlServer(path, self.selector, self.answer)
        self._ending = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def answer(self, command, arguments):
        if command in REFUSED:
            raise REFUSED[command]
        return {"command": command, **arguments}

    def _run(self) -> None:
        while not self._ending:
            for key, _ in self.selector.select(0.01):
                key.data()

    def close(self) -> None:
        self._ending = True
        self._thread.join()
        self.control.close()
        self.selector.close()


@pytest.fixture
def server(tmp_path):
    found = Server(tmp_path / "tracker.sock")
    yield found
    found.close()


def connect(server) -> socket.socket:
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.settimeout(5)
    link.connect(str(server.path))
    return link


def still_answers(server) -> bool:
    return client.call(server.path, "status") == {"command": "status"}


def test_the_socket_is_the_users_alone(server):
    assert stat.S_IMODE(server.path.stat().st_mode) == 0o600


def test_a_refusal_arrives_as_it_was_raised(server):
    with pytest.raises(RuleError, match="no") as caught:
        client.call(server.path, "rule")
    assert caught.value.remedy == "yes"


@pytest.mark.parametrize("command", ["bug", "deep"])
def test_a_fault_inside_one_command_ends_nothing(server, command):
    with pytest.raises(WorkdiaryError, match="failed inside"):
        client.call(server.path, command)
    assert still_answers(server)


@pytest.mark.parametrize(
    "line",
    [b"garbage", b"\xff\xfe", b"[]", b"{}", b'{"command": 1}', b'{"command": "x", "arguments": 5}', b"[" * 60_000],
)
def test_garbage_is_answered_and_ends_nothing(server, line):
    with connect(server) as link:
        link.sendall(line + b"\n")
        assert b"UsageError" in link.makefile("rb").readline()
    assert still_answers(server)


def test_half_a_line_holds_up_nobody(server):
    with connect(server) as link:
        link.sendall(b'{"command": "sta')
        assert still_answers(server)
        link.sendall(b'tus", "arguments": {}}\n{"command": "again", "arguments": {}}\n')
        with link.makefile("rb") as lines:
            assert [b"status" in lines.readline(), b"again" in lines.readline()] == [True, True]


def test_a_client_that_never_reads_or_leaves_at_once_ends_nothing(server):
    with connect(server) as link:
        link.sendall(b'{"command": "status", "arguments": {}}\n' * 50)
    assert still_answers(server)


def test_a_line_that_is_too_long_is_refused_in_words(server):
    with pytest.raises(UsageError, match="too long"):
        client.call(server.path, "status", memo="x" * 10 * MAX_LINE)
    assert still_answers(server)


def test_many_clients_at_once_are_all_answered(server):
    links = [connect(server) for _ in range(40)]
    assert still_answers(server)
    for link in links:
        link.close()
    assert still_answers(server)


def test_what_a_dead_tracker_left_behind_is_replaced(tmp_path):
    path = tmp_path / "tracker.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dead:
        dead.bind(str(path))
    with pytest.raises(client.NotRunningError):
        client.call(path, "status")
    server = Server(path)
    assert still_answers(server)
    server.close()
    assert not path.exists()


def serve_once(path, reply: bytes) -> threading.Thread:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(1)

    def run() -> None:
        link, _ = listener.accept()
        if reply:
            link.recv(MAX_LINE)
        link.sendall(reply)
        link.close()
        listener.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("reply", [b"", b'{"result": tru'])
def test_a_tracker_that_dies_while_it_answers_is_one_clear_error(tmp_path, reply):
    thread = serve_once(tmp_path / "s", reply)
    with pytest.raises(WorkdiaryError, match="ended before it answered"):
        client.call(tmp_path / "s", "status")
    thread.join()
    thread = serve_once(tmp_path / "t", reply)
    with pytest.raises(client.NotRunningError):  # for a question it is as good as none
        client.ask(tmp_path / "t", "status")
    thread.join()


def test_a_tracker_that_hangs_is_one_clear_error(tmp_path, monkeypatch):
    monkeypatch.setattr(client, "TIMEOUT_S", 0.05)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen(1)
        for _ in range(3):
            with pytest.raises(WorkdiaryError, match="does not answer"):
                client.call(tmp_path / "s", "status")


def test_whoever_watches_hears_every_event_in_order_and_then_the_end(tmp_path):
    server = Server(tmp_path / "tracker.sock")
    with Watch(server.path) as watch:
        for number in range(30):
            server.control.tell(Event(kind=EventKind.MEMO_CHANGED, wall_ms=number, contract="acme"))
        server.close()
        heard = list(watch)
    assert [event["wall_ms"] for event in heard] == list(range(30))
    assert heard[0] == {"kind": "memo-changed", "wall_ms": 0, "contract": "acme", "text": ""}


def test_a_watcher_that_never_reads_is_dropped_and_holds_up_nobody(server):
    with Watch(server.path):
        for number in range(20_000):
            server.control.tell(Event(kind=EventKind.MEMO_CHANGED, wall_ms=number, text="x" * 100))
        assert still_answers(server)


def test_nobody_to_watch_is_said_as_such(tmp_path):
    with pytest.raises(client.NotRunningError):
        Watch(tmp_path / "tracker.sock")
