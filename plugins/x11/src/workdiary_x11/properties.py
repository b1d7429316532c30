"""Window properties as values: numbers, and text made safe to show."""

from __future__ import annotations

import socket
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary_x11 import requests
from workdiary_x11.wire import XError

if TYPE_CHECKING:
    from workdiary_x11.wire import Connection

LONGEST_TEXT = 512  #: characters
WM_NAME = 39
STRING = 31
WM_CLASS = 67
WM_CLIENT_MACHINE = 36
NAMES = (
    "_NET_SUPPORTING_WM_CHECK",
    "_NET_SUPPORTED",
    "_NET_ACTIVE_WINDOW",
    "_NET_CLIENT_LIST",
    "_NET_CLIENT_LIST_STACKING",
    "_NET_WM_NAME",
    "_NET_WM_PID",
)

Reply = bytes | XError


def intern_atoms(connection: Connection) -> dict[str, int]:
    """Return the atoms of ``NAMES``."""
    replies = connection.ask(*(requests.intern_atom(name) for name in NAMES))
    return {
        name: 0 if isinstance(reply, XError) else int.from_bytes(reply[8:12], "little")
        for name, reply in zip(NAMES, replies, strict=True)
    }


def numbers(reply: Reply) -> tuple[int, ...]:
    """Return the 32-bit items of a GetProperty reply; empty for anything else."""
    if isinstance(reply, XError) or reply[1] != 32:  # noqa: PLR2004 - the item's bits
        return ()
    (count,) = struct.unpack_from("<I", reply, 16)
    return struct.unpack_from(f"<{count}I", reply, 32)


def text(reply: Reply) -> str:
    """Return the text of a GetProperty reply, without control characters and at most 512 long."""
    if isinstance(reply, XError) or reply[1] != 8:  # noqa: PLR2004 - the item's bits
        return ""
    kind, count = struct.unpack_from("<I4xI", reply, 8)
    return clean(decode(reply[32 : 32 + count], latin=kind == STRING))


def decode(data: bytes, *, latin: bool) -> str:
    """Decode UTF-8, also where a program says Latin-1 and means UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1") if latin else data.decode(errors="replace")


def clean(raw: str) -> str:
    """Turn white space into spaces, drop what cannot be printed, and cut."""
    spaced = "".join(" " if char.isspace() else char for char in raw)
    return "".join(char for char in spaced if char.isprintable())[:LONGEST_TEXT].strip()


def title_requests(window: int, atoms: dict[str, int]) -> tuple[bytes, ...]:
    """Return the requests whose replies ``app_and_title`` reads."""
    wanted = (atoms["_NET_WM_NAME"], WM_NAME, WM_CLASS, atoms["_NET_WM_PID"], WM_CLIENT_MACHINE)
    return tuple(requests.get_property(window, atom) for atom in wanted)


def app_and_title(replies: list[Reply]) -> tuple[str, str]:
    """Return application and title from the replies to ``title_requests``."""
    net_name, name, wm_class, pid, machine = replies
    return _class_part(wm_class) or _process_name(numbers(pid), text(machine)), text(net_name) or text(name)


def _class_part(reply: Reply) -> str:
    """Return the second of the two names in WM_CLASS, each ended by a zero byte."""
    if isinstance(reply, XError) or reply[1] != 8:  # noqa: PLR2004 - the item's bits
        return ""
    (count,) = struct.unpack_from("<I", reply, 16)
    instance, _, rest = reply[32 : 32 + count].partition(b"\0")
    return clean(decode(rest.partition(b"\0")[0] or instance, latin=True))


def _process_name(pid: tuple[int, ...], machine: str) -> str:
    """Return the name of the process, if it runs here: a pid from another machine would name a stranger."""
    if len(pid) != 1 or machine != socket.gethostname():
        return ""
    try:
        return clean(Path(f"/proc/{pid[0]}/comm").read_bytes().decode(errors="replace"))
    except OSError:
        return ""
