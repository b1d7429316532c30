"""A small Wayland client: messages on a Unix socket, and what becomes of them. No libwayland.

Format: https://wayland.freedesktop.org/docs/html/ch04.html#sect-Protocol-Wire-Format
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from typing import TYPE_CHECKING, NamedTuple

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary_wayland.address import candidates

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 2.0  #: seconds that the compositor may take to answer
DISPLAY = 1  #: the object that is there from the beginning
HEADER = 8
ERROR = 0  #: event of the display
GET_REGISTRY, SYNC = 1, 0  #: requests of the display
BIND = 0  #: request of the registry
GLOBAL, GLOBAL_REMOVE = 0, 1  #: events of the registry


class CompositorGoneError(OSError):
    """The compositor went away, does not answer, or has found fault with us."""


class Global(NamedTuple):
    """What the compositor offers under a number."""

    name: int
    interface: str
    version: int


class Body:
    """The arguments of an event, read one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def uint(self) -> int:
        """Read an unsigned number, or an object."""
        return self._number("=I")

    def sint(self) -> int:
        """Read a signed number."""
        return self._number("=i")

    def array(self) -> bytes:
        """Read bytes."""
        length = self.uint()
        found = self._data[self._at : self._at + length]
        self._at += length + -length % 4
        return found

    def text(self) -> str:
        """Read a text."""
        return self.array().rstrip(b"\0").decode(errors="replace")

    def _number(self, form: str) -> int:
        (found,) = struct.unpack_from(form, self._data, self._at)
        self._at += 4
        return int(found)


class Connection:
    """One connection and its objects. ``receive`` waits, ``dispatch`` calls the handlers; the rest asks.

    :raises CompositorGoneError: from everything that talks to the compositor.
    """

    def __init__(self, path: Path) -> None:
        self.patience = PATIENCE
        self._buffer = b""
        self._next = DISPLAY + 1
        self._handlers: dict[int, Callable[[int, Body], None]] = {DISPLAY: self._on_display}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        self.globals: dict[int, Global] = {}
        try:
            self._socket.settimeout(PATIENCE)
            self._socket.connect(str(path))
            self._registry = self.new(self._on_registry)
            self.send(DISPLAY, GET_REGISTRY, uint(self._registry))
            self.roundtrip()
        except BaseException:
            self.close()
            raise

    def new(self, handler: Callable[[int, Body], None]) -> int:
        """Return the number of a new object whose events go to *handler*, as opcode and arguments."""
        number, self._next = self._next, self._next + 1
        self._handlers[number] = handler
        return number

    def adopt(self, number: int, handler: Callable[[int, Body], None]) -> None:
        """Hear an object that the compositor has made."""
        self._handlers[number] = handler

    def forget(self, number: int) -> None:
        """Hear an object no more."""
        self._handlers.pop(number, None)

    def send(self, target: int, opcode: int, *parts: bytes, fd: int | None = None) -> None:
        """Send a request."""
        body = b"".join(parts)
        message = struct.pack("=II", target, (len(body) + HEADER) << 16 | opcode) + body
        try:
            if fd is None:
                self._socket.sendall(message)
            else:
                socket.send_fds(self._socket, [message], [fd])
        except OSError as error:
            raise CompositorGoneError(str(error)) from error

    def offered(self, interface: str) -> list[Global]:
        """Return what is offered of an interface, in order."""
        return [one for _, one in sorted(self.globals.items()) if one.interface == interface]

    def bind(self, one: Global, newest: int, handler: Callable[[int, Body], None]) -> int:
        """Bind a global in the newest version that both sides know."""
        number = self.new(handler)
        version = min(one.version, newest)
        self.send(self._registry, BIND, uint(one.name), text(one.interface), uint(version), uint(number))
        return number

    def receive(self, seconds: float | None) -> bytes:
        """Wait for bytes; empty after so many *seconds*. ``None`` waits for ever."""
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(1 << 16)  # descriptors, which we ask for nowhere, are closed by the kernel
        except TimeoutError:
            return b""
        except OSError as error:
            raise CompositorGoneError(str(error)) from error
        if not data:
            raise CompositorGoneError("the compositor closed the connection")
        return data

    def dispatch(self, data: bytes) -> None:
        """Call the handlers of what has come."""
        self._buffer += data
        while len(self._buffer) >= HEADER:
            target, word = struct.unpack_from("=II", self._buffer)
            size = word >> 16
            if size < HEADER:
                raise CompositorGoneError("the compositor sent a message of no size")
            if len(self._buffer) < size:
                return
            body, self._buffer = self._buffer[HEADER:size], self._buffer[size:]
            handler = self._handlers.get(target)
            if handler is not None:
                handler(word & 0xFFFF, Body(body))

    def until(self, ready: Callable[[], bool], seconds: float | None = None) -> bool:
        """Dispatch until *ready*; false: it did not come in so many seconds."""
        end = time.monotonic() + (self.patience if seconds is None else seconds)
        while not ready():
            left = end - time.monotonic()
            if left <= 0:
                return False
            self.dispatch(self.receive(left))
        return True

    def roundtrip(self) -> None:
        """Wait until the compositor has answered everything so far."""
        done: list[int] = []
        self.send(DISPLAY, SYNC, uint(self.new(lambda _opcode, _body: done.append(1))))
        if not self.until(lambda: bool(done)):
            raise CompositorGoneError("the compositor does not answer")

    def interrupt(self) -> None:
        """Make a ``receive`` in another thread raise."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _on_display(self, opcode: int, body: Body) -> None:
        if opcode == ERROR:
            target, code = body.uint(), body.uint()
            raise CompositorGoneError(f"the compositor refuses: object {target}, error {code}")

    def _on_registry(self, opcode: int, body: Body) -> None:
        name = body.uint()
        if opcode == GLOBAL:
            self.globals[name] = Global(name, body.text(), body.uint())
        elif opcode == GLOBAL_REMOVE:
            self.globals.pop(name, None)


def connect() -> Connection:
    """Connect to the first compositor that answers.

    :raises NotHereError: there is none.
    :raises WorkdiaryError: there is one, which does not let us in or does not answer.
    """
    reason = ""
    for path in candidates():
        try:
            return Connection(path)
        except ConnectionRefusedError:  # left behind by a compositor that has ended
            continue
        except OSError as error:
            reason = f"the Wayland compositor at {path.name}: {error.strerror or error}"
    if reason:
        raise WorkdiaryError(reason, remedy="Start the tracker from within the desktop, as the user who sits there.")
    raise NotHereError("there is no Wayland compositor")


def ignore(_opcode: int, _body: Body) -> None:
    """Handle an object that has nothing to say."""


def uint(*values: int) -> bytes:
    """Pack unsigned numbers, or objects."""
    return struct.pack(f"={len(values)}I", *values)


def text(value: str) -> bytes:
    """Pack a text."""
    data = value.encode() + b"\0"
    return uint(len(data)) + data + b"\0" * (-len(data) % 4)
