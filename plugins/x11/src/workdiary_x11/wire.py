"""A small X11 client over the Unix socket: requests, replies, events, and errors as values.

It is used by one thread at a time. A request that failed answers with an ``XError``; nothing is raised for it,
because windows of others vanish whenever they like. Only the loss of the server itself raises.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary_x11 import requests
from workdiary_x11.address import COOKIE, find_cookie, find_display

if TYPE_CHECKING:
    from workdiary_x11.address import Address

PATIENCE = 5.0  #: seconds for the server to answer
HEAD = 32  #: bytes of every message, and of most there are no more
REPLY = 1
GENERIC_EVENT = 35
SENT_BY_CLIENT = 0x80


class ServerGoneError(ConnectionError):
    """The X server closed the connection, refused it, or does not answer."""


@dataclass(frozen=True, kw_only=True)
class XError:
    """A request failed."""

    code: int


@dataclass(frozen=True, kw_only=True)
class Extension:
    """What the server calls an extension."""

    opcode: int
    first_event: int


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What the server said on connecting."""

    id_base: int
    root: int
    width: int
    height: int


class Connection:
    """One connection to the X server."""

    def __init__(self, stream: socket.socket, setup: Setup, rest: bytes) -> None:
        self.setup = setup
        self._stream = stream
        self._poll = select.poll()
        self._poll.register(stream, select.POLLIN)
        self._buffer = rest
        self._sequence = 0
        self._awaited: set[int] = set()
        self._replies: dict[int, bytes | XError] = {}
        self._events: list[bytes] = []
        self._next_id = setup.id_base

    def interrupt(self) -> None:
        """Make a thread that waits in ``events`` get ``ServerGoneError``; the one call allowed from another thread."""
        with suppress(OSError):  # the server was faster
            self._stream.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection. May be called twice."""
        self._stream.close()

    def fileno(self) -> int:
        """Return the file to watch: when it is readable, there may be events."""
        return self._stream.fileno()

    def new_id(self) -> int:
        """Return a fresh resource id."""
        self._next_id += 1
        return self._next_id

    def tell(self, *messages: bytes) -> None:
        """Send requests that have no reply; their errors are dropped."""
        self._sequence += len(messages)
        self._stream.sendall(b"".join(messages))

    def ask(self, *messages: bytes) -> list[bytes | XError]:
        """Send requests in one go and return their replies in order.

        :raises ServerGoneError: it went away, or did not answer in time.
        """
        numbers = [(self._sequence + 1 + index) & 0xFFFF for index in range(len(messages))]
        self._awaited.update(numbers)
        self.tell(*messages)
        deadline = time.monotonic() + PATIENCE
        while self._awaited:
            if not self._poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise ServerGoneError("the X server does not answer")
            self._receive()
        return [self._replies.pop(number) for number in numbers]

    def extension(self, name: str) -> Extension | None:
        """Return how the server calls an extension, or ``None`` if it does not have it."""
        (reply,) = self.ask(requests.query_extension(name))
        if isinstance(reply, XError) or not reply[8]:
            return None
        return Extension(opcode=reply[9], first_event=reply[10])

    def events(self, timeout: float | None = None) -> list[bytes]:
        """Return the events at hand, waiting for some; empty after ``timeout`` seconds.

        :raises ServerGoneError: it went away.
        """
        if not self._events and (timeout is None or self._poll.poll(timeout * 1000)):
            self._receive()
        events, self._events = self._events, []
        return events

    def _receive(self) -> None:
        chunk = self._stream.recv(16384)
        if not chunk:
            raise ServerGoneError("the X server went away")
        data = self._buffer + chunk if self._buffer else chunk
        at = 0
        while len(data) - at >= HEAD:
            kind = data[at] & 0x7F
            size = HEAD
            if kind in {REPLY, GENERIC_EVENT}:
                size += 4 * int.from_bytes(data[at + 4 : at + 8], "little")
            if len(data) - at < size:
                break
            self._sort(kind, data[at : at + size])
            at += size
        self._buffer = data[at:]

    def _sort(self, kind: int, message: bytes) -> None:
        if kind > REPLY:
            if not message[0] & SENT_BY_CLIENT:  # what other clients send as events is not believed
                self._events.append(message)
            return
        number = int.from_bytes(message[2:4], "little")
        if number in self._awaited:
            self._awaited.remove(number)
            self._replies[number] = message if kind == REPLY else XError(code=message[1])


def connect() -> Connection:
    """Connect to the display that ``DISPLAY`` names.

    :raises WorkdiaryError: ``DISPLAY`` is not set or names no local display.
    :raises ServerGoneError: there is no server, or it refuses.
    """
    address = find_display()
    stream = _open(address)
    try:
        cookie = find_cookie(address.number)
        name = COOKIE if cookie else b""
        stream.sendall(
            struct.pack("<BxHHHHxx", ord("l"), 11, 0, len(name), len(cookie))
            + name
            + bytes(-len(name) % 4)
            + cookie
            + bytes(-len(cookie) % 4)
        )
        setup, rest = _read_setup(stream, address)
        stream.settimeout(None)
    except TimeoutError:
        stream.close()
        raise ServerGoneError("the X server does not answer") from None
    except BaseException:
        stream.close()
        raise
    return Connection(stream, setup, rest)


def _open(address: Address) -> socket.socket:
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.settimeout(PATIENCE)
    for path in (address.path, f"\0{address.path}"):
        try:
            stream.connect(path)
        except OSError:
            continue
        return stream
    stream.close()
    raise ServerGoneError(f"no X server answers at display :{address.number}")


def _read_setup(stream: socket.socket, address: Address) -> tuple[Setup, bytes]:
    data = b""
    size = 8
    while len(data) < size:
        chunk = stream.recv(16384)
        if not chunk:
            raise ServerGoneError("the X server went away")
        data += chunk
        if len(data) >= 8:  # noqa: PLR2004 - the fixed head
            size = 8 + 4 * int.from_bytes(data[6:8], "little")
    if data[0] != 1:
        reason = data[8 : 8 + data[1]].decode(errors="replace").strip()
        raise ServerGoneError(f"the X server refuses the connection: {reason}")
    return _parse_setup(data[:size], address.screen), data[size:]


def _parse_setup(data: bytes, screen: int) -> Setup:
    (id_base,) = struct.unpack_from("<I", data, 12)
    (vendor_length,) = struct.unpack_from("<H", data, 24)
    screens, formats = data[28], data[29]
    at = 40 + vendor_length + (-vendor_length % 4) + 8 * formats
    if screen >= screens:
        raise ServerGoneError(f"the X display has no screen {screen}")
    for _ in range(screen):
        at = _after_screen(data, at)
    root, width, height = struct.unpack_from("<I16xHH", data, at)
    return Setup(id_base=id_base, root=root, width=width, height=height)


def _after_screen(data: bytes, at: int) -> int:
    depths = data[at + 39]
    at += 40
    for _ in range(depths):
        at += 8 + 24 * int.from_bytes(data[at + 2 : at + 4], "little")
    return at
