"""A proxy of HTTP that does what networks and servers do on bad days: one fault for each request."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from enum import Enum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_WAIT_S = 30.0
DRIP = 7  #: bytes at once


class Fault(Enum):
    """What becomes of one request."""

    NONE = "it goes through"
    REFUSE = "hung up before anything was read"
    CUT_REQUEST = "hung up in the middle of the request"
    LOST_ANSWER = "done by the server, and the answer lost"
    CUT_ANSWER = "hung up in the middle of the answer"
    RESET = "reset in the middle of the answer"
    DUPLICATE = "sent to the server twice"
    DELAY = "answered late"
    DRIP = "answered a few bytes at a time"
    ERROR_500 = "answered with 500"
    ERROR_503 = "answered with 503 and Retry-After"
    TOO_MANY = "answered with 429"


class FaultProxy:
    """Stands before a server on this machine; ``url`` is its base.

    :param target: the server's port.
    :param choose: called for each request.
    :param port: where to listen; 0: anywhere.
    """

    def __init__(self, target: int, choose: Callable[[], Fault], *, port: int = 0, delay_s: float = 0.05) -> None:
        self._target, self._choose, self._delay = target, choose, delay_s
        self.port = port
        self.seen: list[Fault] = []

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # so that accept returns
        self._listener.close()

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}/"

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        fault = self._choose()
        self.seen.append(fault)
        with client, contextlib.suppress(OSError):
            client.settimeout(LONGEST_WAIT_S)
            if fault is not Fault.REFUSE:
                self._pass(client, fault)

    def _pass(self, client: socket.socket, fault: Fault) -> None:
        request = _request(client)
        if fault is Fault.CUT_REQUEST:
            self._ask(request[: len(request) // 2], whole=False)
            return
        canned = _CANNED.get(fault)
        if canned:
            client.sendall(canned)
            return
        answer = self._ask(request)
        if fault is Fault.DUPLICATE:
            answer = self._ask(request)
        if fault is Fault.DELAY:
            time.sleep(self._delay)
        if fault is Fault.LOST_ANSWER:
            return
        if fault in {Fault.CUT_ANSWER, Fault.RESET}:
            client.sendall(answer[: len(answer) // 2])
            if fault is Fault.RESET:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        step = DRIP if fault is Fault.DRIP else len(answer)
        for start in range(0, len(answer), step):
            client.sendall(answer[start : start + step])

    def _ask(self, request: bytes, *, whole: bool = True) -> bytes:
        """Return the server's answer; half a request gets none."""
        with socket.create_connection(("127.0.0.1", self._target), LONGEST_WAIT_S) as server:
            server.sendall(request)
            if not whole:
                return b""
            answer = b""
            while part := server.recv(1 << 16):
                answer += part
            return answer


def _request(client: socket.socket) -> bytes:
    """Read one request: its head and as much as that says."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(1 << 16)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lines = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:] if b": " in line)
    missing = int(lines.get(b"content-length", b"0")) - len(body)
    while missing > 0:
        part = client.recv(min(missing, 1 << 16))
        if not part:
            break
        data, missing = data + part, missing - len(part)
    # One request for each connection: the fault is one's own.
    return head + b"\r\nConnection: close\r\n\r\n" + data[len(head) + 4 :]


def _canned(line: bytes, more: bytes = b"") -> bytes:
    return b"HTTP/1.1 " + line + b"\r\nContent-Length: 0\r\nConnection: close\r\n" + more + b"\r\n"


_CANNED = {
    Fault.ERROR_500: _canned(b"500 Internal Server Error"),
    Fault.ERROR_503: _canned(b"503 Service Unavailable", b"Retry-After: 0\r\n"),
    Fault.TOO_MANY: _canned(b"429 Too Many Requests"),
}
