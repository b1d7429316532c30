"""Who is at the other end of a connection on this machine."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

TABLE = Path("/proc/net/tcp")


def is_mine(peer: tuple[str, int], own: tuple[str, int]) -> bool:
    """Whether a connection from *peer* to *own* was made by a process of this user.

    Linux lists the owner of every socket. Elsewhere nobody can say, and the other checks stand alone.
    """
    return sys.platform != "linux" or owner(peer, own) == os.getuid()


def owner(peer: tuple[str, int], own: tuple[str, int]) -> int | None:
    """Return the user id that the kernel names for the socket of *peer*; None if it lists none, as after its end."""
    wanted = f" {_name(*peer)} {_name(*own)} "
    try:
        lines = TABLE.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[7]) for line in lines if wanted in line), None)


def _name(host: str, port: int) -> str:
    return f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}:{port:04X}"
