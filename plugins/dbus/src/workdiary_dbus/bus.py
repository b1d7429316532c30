"""A connection: one thread, and nothing that waits but ``ask`` and ``until``. jeepney knows the bytes."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from array import array
from typing import TYPE_CHECKING, Any

from jeepney.auth import BEGIN, AuthenticationError, Authenticator
from jeepney.bus import get_connectable_addresses
from jeepney.low_level import HeaderFields, Message, MessageType, Parser
from jeepney.wrappers import DBusAddress, new_method_call, new_signal

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary_dbus.served import Objects

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_dbus.served import Served

    Then = Callable[[tuple[Any, ...] | None], None]  #: gets the answer's body; None: it was refused
    Heard = Callable[[tuple[Any, ...]], None]

SEND_S = 5.0
ASK_S = 2.0
DBUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
SYSTEM = "unix:path=/run/dbus/system_bus_socket"


class BusGoneError(WorkdiaryError):
    """The bus refuses us, or there is none any more."""


def session_address() -> str:
    """Return where the session bus listens.

    :raises NotHereError: there is none.
    """
    named = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not named and runtime and os.path.exists(f"{runtime}/bus"):  # noqa: PTH110  # pathlib is loaded for less
        named = f"unix:path={runtime}/bus"
    if not named:
        raise NotHereError("there is no session bus", remedy="Start it from within the desktop session.")
    return named


def system_address() -> str:
    """Return where the system bus listens."""
    return os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or SYSTEM


class Bus:
    """A connection; made by ``connect``."""

    def __init__(self, stream: socket.socket) -> None:
        self.name = ""  #: our own, once the bus has said it
        self._stream = stream
        self._parser = Parser()
        self._serial = 0
        self._waiting: dict[int, Then] = {}
        self._objects = Objects()
        self._heard: dict[tuple[str, str], list[tuple[str, Heard]]] = {}

    @classmethod
    def connect(cls, where: str) -> Bus:
        """Connect and introduce ourselves.

        :param where: a D-Bus address, as of ``session_address``.
        :raises NotHereError: nothing listens there.
        :raises BusGoneError: the address is none, or the bus refuses.
        """
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stream.settimeout(SEND_S)
        try:
            stream.connect(_path(where))
            talk = Authenticator(enable_fds=True)
            for line in talk:
                stream.sendall(line)
                talk.feed(_some(stream))
            stream.sendall(BEGIN)
        except (FileNotFoundError, ConnectionRefusedError):
            stream.close()
            raise NotHereError(f"no bus listens at {where}", remedy="See DBUS_SESSION_BUS_ADDRESS.") from None
        except (OSError, AuthenticationError) as error:
            stream.close()
            raise BusGoneError(f"the bus does not let us in: {error}", remedy="Try: busctl --user") from None
        except BaseException:
            stream.close()
            raise
        bus = cls(stream)
        bus.call(DBUS, "Hello", then=bus.set_name)
        return bus

    def set_name(self, answer: tuple[Any, ...] | None) -> None:
        """Take the name that the bus has given."""
        self.name = str(answer[0]) if answer else ""

    def fileno(self) -> int:
        """Return the file to watch: when it is readable, call ``take``."""
        return self._stream.fileno()

    def take(self) -> None:
        """Carry out what has come.

        :raises BusGoneError: the bus has gone.
        """
        self.dispatch(self.receive())

    def receive(self) -> bytes:
        """Wait for what comes, for ever: with ``dispatch`` a ``take`` that a lock can be held for in part.

        :raises BusGoneError: the bus has gone.
        """
        try:
            select.select([self._stream], [], [])
            return _some(self._stream)
        except (OSError, ValueError) as error:  # ValueError: closed by ourselves meanwhile
            raise BusGoneError(f"the bus has gone: {error}") from None

    def dispatch(self, data: bytes) -> None:
        """Carry out what has been received."""
        for message in self._parser.feed(data):
            self._dispatch(message)

    def call(
        self,
        target: DBusAddress,
        member: str,
        signature: str | None = None,
        body: tuple[Any, ...] = (),
        *,
        then: Then = lambda _answer: None,
    ) -> None:
        """Call a method of another; *then* gets what it answers. A file goes along as its number, signature ``h``."""
        message = new_method_call(target, member, signature, body)
        self._waiting[self._send(message)] = then

    def ask(
        self,
        target: DBusAddress,
        member: str,
        signature: str | None = None,
        body: tuple[Any, ...] = (),
        *,
        seconds: float = ASK_S,
    ) -> tuple[Any, ...] | None:
        """Call a method and wait for its answer; None: it was refused, or did not come in time."""
        answers: list[tuple[Any, ...] | None] = []
        self.call(target, member, signature, body, then=answers.append)
        return answers[0] if self.until(lambda: bool(answers), seconds) else None

    def until(self, ready: Callable[[], bool], seconds: float = ASK_S) -> bool:
        """Carry out what comes until *ready*; false: it was not in so many seconds."""
        end = time.monotonic() + seconds
        while not ready():
            if not select.select([self._stream], [], [], max(0.0, end - time.monotonic()))[0]:
                return False
            self.take()
        return True

    def signal(self, served: Served, member: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> None:
        """Tell everybody that something of ours has changed."""
        self._send(new_signal(DBusAddress(served.path, interface=served.name), member, signature, body))

    def serve(self, served: Served) -> None:
        """Let others call an interface."""
        self._objects.add(served)

    def hear(self, interface: str, member: str, then: Heard, *, sender: str = "", match: str = "") -> None:
        """Call *then* with the body of each such signal.

        :param sender: only from this connection, as in ``:1.7``; anybody can send a signal to anybody.
        :param match: more of the rule, as in ``,arg0='x'``.
        """
        self._heard.setdefault((interface, member), []).append((sender, then))
        rule = f"type='signal',interface='{interface}',member='{member}'{match}"
        self.call(DBUS, "AddMatch", "s", (rule,))

    def interrupt(self) -> None:
        """Make a ``receive`` in another thread raise."""
        with contextlib.suppress(OSError):
            self._stream.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Leave the bus. May be called twice."""
        self._stream.close()

    def _send(self, message: Message) -> int:
        self._serial += 1
        try:
            files = array("i")
            data = message.serialise(serial=self._serial, fds=files)
            if files:  # they go with the first byte
                sent = socket.send_fds(self._stream, [data], list(files))
                data = data[sent:]
            self._stream.sendall(data)
        except OSError as error:
            raise BusGoneError(f"the bus has gone: {error}") from None
        return self._serial

    def _dispatch(self, message: Message) -> None:
        fields, kind = message.header.fields, message.header.message_type
        if kind in {MessageType.method_return, MessageType.error}:
            then = self._waiting.pop(fields.get(HeaderFields.reply_serial, 0), None)
            if then is not None:
                with contextlib.suppress(LookupError, TypeError, ValueError):  # of a shape that nobody sends
                    then(message.body if kind is MessageType.method_return else None)
        elif kind is MessageType.signal:
            name = (fields.get(HeaderFields.interface, ""), fields.get(HeaderFields.member, ""))
            for sender, heard in self._heard.get(name, ()):
                if sender in {"", fields.get(HeaderFields.sender)}:
                    with contextlib.suppress(LookupError, TypeError, ValueError):  # as above
                        heard(message.body)
        else:
            self._objects.answer(message, self._send)


def _path(where: str) -> str:
    try:
        return str(next(get_connectable_addresses(where)))
    except (RuntimeError, ValueError, StopIteration):
        raise BusGoneError(
            f"{where!r} is no address of a bus",
            remedy="See DBUS_SESSION_BUS_ADDRESS: it should look like unix:path=/run/user/1000/bus.",
        ) from None


def _some(stream: socket.socket) -> bytes:
    data = stream.recv(1 << 16)
    if not data:
        raise ConnectionResetError("it closed the connection")
    return data
