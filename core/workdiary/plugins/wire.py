"""How calls and answers travel to a plugin in a process of its own: length-prefixed MessagePack, decoded by type."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import msgspec

from workdiary.payloads import (
    Decision,
    Event,
    Frame,
    InputCounts,
    Notice,
    Occasion,
    Presence,
    ScreenMap,
    Shown,
    Slot,
    Snapshot,
    Tick,
    Unknown,
    Window,
)
from workdiary.plugins.lane import Failure

if TYPE_CHECKING:
    import socket

LIMIT = 512 * 2**20  #: bytes of one message: four 8K monitors
WAKE = -1  #: the number of a message that answers nothing and asks for a tick
_LENGTH = struct.Struct(">I")
_QUESTIONS = (Tick, Slot, Occasion, Notice, Event)
_ANSWERS = (InputCounts, Window, Presence, Decision, ScreenMap, Shown, Unknown, Failure)
_PLAIN = (*_QUESTIONS, *_ANSWERS)

#: A value with the name of its type, because MessagePack itself cannot tell one dataclass from another.
Packed = tuple[str, msgspec.Raw]


@dataclass(frozen=True, kw_only=True)
class Hello:
    """The first message to a child: which plugin it is, and its part of the house."""

    value: str
    table: dict[str, Any]
    state_directory: str
    socket: str  #: the tracker's
    memory: int


@dataclass(frozen=True, kw_only=True)
class _Snapshot:
    occasion: Occasion
    frames: tuple[Frame, ...]
    window: Packed
    before: Packed
    after: Packed


_TYPES: dict[str, Any] = {
    **{kind.__name__: kind for kind in _PLAIN},
    "frames": tuple[Frame, ...],
    "moments": tuple[int, ...],
    "Snapshot": _Snapshot,
    "None": None,
}


def pack(value: Any) -> Packed:
    """Return the value with the name of its type.

    :raises TypeError: it is nothing that crosses this border.
    """
    if value is None or type(value) in _PLAIN:
        name = type(value).__name__ if value is not None else "None"
    elif type(value) is tuple:
        name = "frames" if any(type(item) is Frame for item in value) else "moments"
    elif type(value) is Snapshot:
        name = "Snapshot"
        value = _Snapshot(
            occasion=value.occasion,
            frames=value.frames,
            window=pack(value.window),
            before=pack(value.before),
            after=pack(value.after),
        )
    else:
        raise TypeError(f"{type(value).__name__} cannot leave the plugin's process")
    return name, msgspec.Raw(msgspec.msgpack.encode(value))


def unpack(packed: Packed) -> Any:
    """Return the value, every field checked against its type.

    :raises ValueError: the bytes are not what they say they are.
    """
    name, raw = packed
    if name not in _TYPES:
        raise ValueError(f"unknown type {name[:40]!r}")
    value = msgspec.msgpack.decode(raw, type=_TYPES[name], strict=True)
    if type(value) is not _Snapshot:
        return value
    return Snapshot(
        occasion=value.occasion,
        frames=value.frames,
        window=cast("Any", unpack(value.window)),
        before=cast("Any", unpack(value.before)),
        after=cast("Any", unpack(value.after)),
    )


def send(link: socket.socket, message: Any) -> None:
    """Send one message."""
    body = msgspec.msgpack.encode(message)
    if len(body) > LIMIT:
        raise ValueError("message too large")
    link.sendall(_LENGTH.pack(len(body)))
    link.sendall(body)


def receive(link: socket.socket) -> bytes | None:
    """Return the next message, or None when the other side is gone.

    :raises ValueError: its length is nonsense.
    """
    head = _exactly(link, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > LIMIT:
        raise ValueError("message too large")
    return _exactly(link, length)


def _exactly(link: socket.socket, length: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < length:
        part = link.recv(min(length - len(parts), 2**20))
        if not part:
            return None
        parts += part
    return bytes(parts)


CALL = msgspec.msgpack.Decoder(tuple[int, str, Packed])
ANSWER = msgspec.msgpack.Decoder(tuple[int, Packed])
HELLO = msgspec.msgpack.Decoder(Hello)
