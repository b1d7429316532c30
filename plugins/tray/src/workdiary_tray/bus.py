"""The session bus: one connection, one thread, nothing that waits. jeepney knows the bytes."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from typing import TYPE_CHECKING, Any, Protocol

from jeepney.auth import BEGIN, AuthenticationError, Authenticator
from jeepney.bus import get_connectable_addresses
from jeepney.low_level import HeaderFields, Message, MessageFlag, MessageType, Parser
from jeepney.wrappers import DBusAddress, new_error, new_method_call, new_method_return, new_signal

from workdiary.errors import WorkdiaryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Then = Callable[[tuple[Any, ...] | None], None]  #: gets the answer's body; None: it was refused
    Heard = Callable[[tuple[Any, ...]], None]

SEND_S = 5.0
DBUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
PROPERTIES = "org.freedesktop.DBus.Properties"
PEER = "org.freedesktop.DBus.Peer"
_ERROR = "org.freedesktop.DBus.Error."


class BusGoneError(WorkdiaryError):
    """There is no bus, or there is none any more."""


class Served(Protocol):
    """An interface that others call."""

    name: str
    path: str

    def call(self, member: str, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]] | None:
        """Carry out a method and return signature and answer; None: there is no such method."""

    def properties(self) -> Mapping[str, tuple[str, Any]]:
        """Return all properties, each with its signature."""


def address() -> str:
    """Return where the session bus listens.

    :raises BusGoneError: there is none.
    """
    named = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if not named and runtime and os.path.exists(f"{runtime}/bus"):  # noqa: PTH110  # pathlib is loaded for less
        named = f"unix:path={runtime}/bus"
    if not named:
        raise BusGoneError("there is no session bus", remedy="Start it from within the desktop session.")
    try:
        return str(next(get_connectable_addresses(named)))
    except (RuntimeError, ValueError):
        raise BusGoneError(
            f"DBUS_SESSION_BUS_ADDRESS: {named!r} is no address that can be reached",
            remedy="It should look like unix:path=/run/user/1000/bus.",
        ) from None


class Bus:
    """A connection; made by ``connect``."""

    def __init__(self, stream: socket.socket) -> None:
        self.name = ""  #: our own, once the bus has said it
        self._stream = stream
        self._parser = Parser()
        self._serial = 0
        self._waiting: dict[int, Then] = {}
        self._served: dict[tuple[str, str], Served] = {}
        self._heard: dict[tuple[str, str], Heard] = {}

    @classmethod
    def connect(cls) -> Bus:
        """Connect and introduce ourselves.

        :raises BusGoneError: there is no bus, or it refuses.
        """
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stream.settimeout(SEND_S)
        try:
            stream.connect(address())
            talk = Authenticator()
            for line in talk:
                stream.sendall(line)
                talk.feed(_some(stream))
            stream.sendall(BEGIN)
        except (OSError, AuthenticationError) as error:
            stream.close()
            raise BusGoneError(f"the session bus does not let us in: {error}", remedy="Try: busctl --user") from None
        except BusGoneError:
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
        try:
            data = _some(self._stream)
        except OSError as error:
            raise BusGoneError(f"the session bus has gone: {error}") from None
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
        """Call a method of another; *then* gets what it answers."""
        message = new_method_call(target, member, signature, body)
        self._waiting[self._send(message)] = then

    def signal(self, served: Served, member: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> None:
        """Tell everybody that something of ours has changed."""
        self._send(new_signal(DBusAddress(served.path, interface=served.name), member, signature, body))

    def serve(self, served: Served) -> None:
        """Let others call an interface."""
        self._served[served.path, served.name] = served

    def hear(self, interface: str, member: str, then: Heard, *, match: str = "") -> None:
        """Call *then* with the body of each such signal."""
        self._heard[interface, member] = then
        rule = f"type='signal',interface='{interface}',member='{member}'{match}"
        self.call(DBUS, "AddMatch", "s", (rule,))

    def _send(self, message: Message) -> int:
        self._serial += 1
        try:
            self._stream.sendall(message.serialise(serial=self._serial))
        except OSError as error:
            raise BusGoneError(f"the session bus has gone: {error}") from None
        return self._serial

    def _dispatch(self, message: Message) -> None:
        fields, kind = message.header.fields, message.header.message_type
        if kind in {MessageType.method_return, MessageType.error}:
            then = self._waiting.pop(fields.get(HeaderFields.reply_serial, 0), None)
            if then is not None:
                with contextlib.suppress(LookupError, TypeError, ValueError):  # of a shape that nobody sends
                    then(message.body if kind is MessageType.method_return else None)
        elif kind is MessageType.signal:
            heard = self._heard.get((fields.get(HeaderFields.interface, ""), fields.get(HeaderFields.member, "")))
            if heard is not None:
                with contextlib.suppress(LookupError, TypeError, ValueError):  # as above
                    heard(message.body)
        else:
            reply = self._answer(message)
            if not message.header.flags & MessageFlag.no_reply_expected:
                self._reply(message, reply)

    def _reply(self, message: Message, reply: Message) -> None:
        try:
            self._send(reply)
        except (struct.error, LookupError, TypeError, ValueError, AttributeError):  # made of arguments of wrong types
            self._send(new_error(message, _ERROR + "InvalidArgs", "s", ("these arguments do not fit",)))

    def _answer(self, message: Message) -> Message:
        """Return the answer to a call; what is wrong with it is said to the caller and harms nobody."""
        member = str(message.header.fields[HeaderFields.member])
        try:
            found = self._carry_out(message, member)
        except (LookupError, TypeError, ValueError):
            return new_error(message, _ERROR + "InvalidArgs", "s", (f"{member}: these arguments do not fit",))
        if found is None:
            return new_error(message, _ERROR + "UnknownMethod", "s", (f"there is no method {member} here",))
        return new_method_return(message, found[0] or None, found[1])

    def _carry_out(self, message: Message, member: str) -> tuple[str, tuple[Any, ...]] | None:
        path = message.header.fields[HeaderFields.path]
        interface = message.header.fields.get(HeaderFields.interface, "")
        if interface == PEER and member == "Ping":
            return "", ()
        if interface == PROPERTIES:
            return _property(self._served[path, message.body[0]], member, message.body)
        served = self._served.get((path, interface))
        return None if served is None else served.call(member, message.body)


def _property(served: Served, member: str, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]] | None:
    if member == "Get":
        return "v", (served.properties()[body[1]],)
    if member == "GetAll":
        return "a{sv}", (dict(served.properties()),)
    return None


def _some(stream: socket.socket) -> bytes:
    data = stream.recv(1 << 16)
    if not data:
        raise ConnectionResetError("it closed the connection")
    return data
