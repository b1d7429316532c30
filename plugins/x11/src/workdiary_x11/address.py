"""Where the X server is, and the cookie that opens it."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path

from workdiary.errors import NotHereError, WorkdiaryError

COOKIE = b"MIT-MAGIC-COOKIE-1"
FAMILY_LOCAL = 256
FAMILY_WILD = 65535


@dataclass(frozen=True, kw_only=True)
class Address:
    """A local display."""

    number: int
    screen: int

    @property
    def path(self) -> str:
        """The server's Unix socket."""
        return f"/tmp/.X11-unix/X{self.number}"  # noqa: S108 - fixed by X11


def find_display() -> Address:
    """Read ``DISPLAY``.

    :raises NotHereError: it is not set.
    :raises WorkdiaryError: it is not a display, or on another machine.
    """
    display = os.environ.get("DISPLAY", "")
    if not display:
        raise NotHereError("no X display: DISPLAY is not set")
    match = re.fullmatch(r"(.*):(\d+)(?:\.(\d+))?", display)
    if match is None:
        raise WorkdiaryError(f"no X display: DISPLAY is {display!r}", remedy="It should look like `:0`.")
    host, number, screen = match.groups()
    if host not in {"", "unix"}:
        raise WorkdiaryError(
            f"the X display {display!r} is on another machine", remedy="Start the tracker on the machine you sit at."
        )
    return Address(number=int(number), screen=int(screen or 0))


def find_cookie(number: int) -> bytes:
    """Return the cookie for a display from ``XAUTHORITY`` or ``~/.Xauthority``; empty if there is none."""
    path = os.environ.get("XAUTHORITY") or os.path.expanduser("~/.Xauthority")  # noqa: PTH111 - never raises
    try:
        records = _records(Path(path).read_bytes())
    except OSError:
        return b""
    host = socket.gethostname().encode()
    best = b""
    for family, address, display, name, cookie in records:
        if name != COOKIE or display not in {b"", str(number).encode()}:
            continue
        if family == FAMILY_WILD or (family == FAMILY_LOCAL and address == host):
            return cookie
        best = best or cookie  # the host was renamed since the file was written
    return best


def _records(data: bytes) -> list[tuple[int, bytes, bytes, bytes, bytes]]:
    """Split an authority file: a family and four counted strings each; a cut record ends it."""
    records = []
    at = 0
    while at + 2 <= len(data):
        family = int.from_bytes(data[at : at + 2], "big")
        at += 2
        fields = []
        for _ in range(4):
            length = int.from_bytes(data[at : at + 2], "big")
            fields.append(data[at + 2 : at + 2 + length])
            at += 2 + length
        if at > len(data):
            break
        records.append((family, fields[0], fields[1], fields[2], fields[3]))
    return records
