"""Where a tracker listens: a Unix socket, or where Python has none, a port of this machine and a file that tells it.

Any user may knock at a port. The file is private, so whoever knows what it says is its user: the tracker, which says
the greeting, and then the client, which says the key. A client tells nothing before it was greeted: a tracker that
was killed leaves its file behind, and anybody may have got its port since.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary import files

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where a tracker listens, and what is said there first: lines without their end, empty at a Unix socket."""

    listener: socket.socket
    greeting: bytes = b""
    key: bytes = b""

    def admits(self, line: bytes) -> bool:
        """Tell whether somebody who said this first knows the key."""
        return _are_equal(line, self.key)

    def accept(self) -> socket.socket | None:
        """Let somebody in; None if it is another user, or has left already, or there are too many."""
        try:
            link, _ = self.listener.accept()
        except OSError:
            return None
        try:
            if self.greeting:
                link.sendall(self.greeting + b"\n")
                return link
            if _is_ours(link):
                return link
        except OSError:
            pass
        link.close()
        return None


def _are_equal(one: bytes, other: bytes) -> bool:
    import hmac  # most trackers never need it

    return hmac.compare_digest(one, other)


def open_port(path: Path) -> Door:
    """Listen at a port of this machine, and write to *path* which it is."""
    listener = socket.create_server((HOST, 0), backlog=64)
    greeting, key = os.urandom(32).hex(), os.urandom(32).hex()
    files.put(path, f"{listener.getsockname()[1]} {greeting} {key}".encode())
    return Door(listener=listener, greeting=greeting.encode(), key=key.encode())


def knock_at_port(path: Path, timeout: float) -> socket.socket:
    """Connect to the tracker whose port stands in *path*, which has shown that it wrote that.

    :raises OSError: as in ``knock``.
    """
    port, greeting, key = path.read_bytes().split(b" ")
    link = socket.create_connection((HOST, int(port)), timeout)
    try:
        heard = b""
        while len(heard) <= len(greeting) and (more := link.recv(len(greeting) + 1 - len(heard))):
            heard += more
        if not _are_equal(heard, greeting + b"\n"):
            raise ConnectionRefusedError("somebody else has the port")
        link.sendall(key + b"\n")
    except BaseException:
        link.close()
        raise
    return link


if sys.platform == "win32":

    def open_door(path: Path) -> Door:
        """Listen at *path*. What a dead tracker left there is replaced."""
        return open_port(path)

    def knock(path: Path, timeout: float) -> socket.socket:
        """Connect to the tracker that listens at *path*.

        :raises OSError: there is none (FileNotFoundError, ConnectionRefusedError), or it does not answer.
        """
        return knock_at_port(path, timeout)

    def _is_ours(link: socket.socket) -> bool:
        """Nobody came by a Unix socket."""
        del link
        return False

else:

    def open_door(path: Path) -> Door:
        """Listen at *path*. What a dead tracker left there is removed."""
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(mask)
        listener.listen(64)
        return Door(listener=listener)

    def knock(path: Path, timeout: float) -> socket.socket:
        """Connect to the tracker that listens at *path*.

        :raises OSError: there is none (FileNotFoundError, ConnectionRefusedError), or it does not answer.
        """
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(timeout)
            link.connect(str(path))
        except BaseException:
            link.close()
            raise
        return link

    def _is_ours(link: socket.socket) -> bool:
        """Is the same user at the other end? The file's mode is the first lock, this the second."""
        if not hasattr(socket, "SO_PEERCRED"):
            return True
        credentials = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return bool(struct.unpack("3i", credentials)[1] == os.getuid())
