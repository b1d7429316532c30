"""What others may call on a bus, and the answers. What is wrong with a call is said to the caller and harms nobody."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Protocol

from jeepney.low_level import HeaderFields, Message, MessageFlag
from jeepney.wrappers import new_error, new_method_return

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PROPERTIES = "org.freedesktop.DBus.Properties"
PEER = "org.freedesktop.DBus.Peer"
_ERROR = "org.freedesktop.DBus.Error."


class Served(Protocol):
    """An interface that others call."""

    name: str
    path: str

    def call(self, member: str, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]] | None:
        """Carry out a method and return signature and answer; None: there is no such method."""

    def properties(self) -> Mapping[str, tuple[str, Any]]:
        """Return all properties, each with its signature."""


class Objects:
    """The interfaces that are served on a connection, by path and name."""

    def __init__(self) -> None:
        self._served: dict[tuple[str, str], Served] = {}

    def add(self, served: Served) -> None:
        """Let others call an interface."""
        self._served[served.path, served.name] = served

    def answer(self, message: Message, send: Callable[[Message], object]) -> None:
        """Carry out a call, and send what comes of it."""
        reply = self._answer(message)
        if not message.header.flags & MessageFlag.no_reply_expected:
            try:
                send(reply)
            except (struct.error, LookupError, TypeError, ValueError, AttributeError):  # of arguments of wrong types
                send(new_error(message, _ERROR + "InvalidArgs", "s", ("these arguments do not fit",)))

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
