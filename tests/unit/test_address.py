"""A port of the machine, where Python has no Unix sockets: whoever does not know the file learns and does nothing."""

from __future__ import annotations

import selectors
import socket
import threading

import pytest

from workdiary.link import address, client
from workdiary.link.watch import Watch
from workdiary.payloads import Event, EventKind
from workdiary.tracker.control import ControlServer


@pytest.fixture
def at_a_port(monkeypatch):
    for module, name, other in (
        ("tracker.control", "open_door", address.open_port),
        ("link.client", "knock", address.knock_at_port),
        ("link.watch", "knock", address.knock_at_port),
    ):
        monkeypatch.setattr(f"workdiary.{module}.{name}", other)


@pytest.fixture
def tracker(at_a_port, tmp_path):
    """A control server on a thread of its own; ``asked`` holds what it was asked."""
    selector, path, asked, ended = selectors.DefaultSelector(), tmp_path / "tracker.sock", [], threading.Event()
    server = ControlServer(path, selector, lambda *question: asked.append(question) or {"state": "tracking"})

    def serve():
        while not ended.is_set():
            for key, _ in selector.select(0.02):
                key.data()

    thread = threading.Thread(target=serve)
    thread.start()
    server.asked = asked
    server.path = path
    yield server
    ended.set()
    thread.join()
    server.close()
    selector.close()


def test_a_client_is_answered_and_may_watch(tracker):
    assert client.call(tracker.path, "status") == {"state": "tracking"}
    assert tracker.path.stat().st_mode & 0o777 == 0o600
    with Watch(tracker.path) as watch:
        tracker.tell(Event(kind=EventKind.DIARY_CHANGED, wall_ms=1, contract="acme", text="memo"))
        assert watch.take()[0]["text"] == "memo"


@pytest.mark.parametrize("said", [b"", b"0" * 64 + b"\n", b"\n"])
def test_a_stranger_who_does_not_know_the_key_is_sent_away(tracker, said):
    port = int(tracker.path.read_bytes().split()[0])
    with socket.create_connection(("127.0.0.1", port), 5) as link:
        link.sendall(said + b'{"command": "stop", "arguments": {}}\n')
        with link.makefile("rb") as lines:
            assert len(lines.readline()) == 65
            assert lines.read() == b""
    assert tracker.asked == []


def test_a_client_tells_nothing_to_another_program_at_the_port_of_a_dead_tracker(at_a_port, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        path = tmp_path / "tracker.sock"
        path.write_bytes(f"{stranger.getsockname()[1]} {'a' * 64} {'b' * 64}".encode())
        heard = []

        def listen():
            link, _ = stranger.accept()
            with link:
                link.sendall(b"c" * 64 + b"\n")
                heard.append(link.recv(100))

        thread = threading.Thread(target=listen)
        thread.start()
        with pytest.raises(client.NotRunningError):
            client.call(path, "memo", memo="what I do")
        thread.join()
        assert heard == [b""]
    with pytest.raises(client.NotRunningError):  # and nobody at all is no tracker either
        client.call(path, "status")
