"""The container of a week: a zip file that has one form only.

Members are stored, sorted by name, with fixed times and attributes, so that building what was parsed gives the same
bytes: there is no byte in which anything could hide, and nothing to unpack.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO

from workdiary.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_MEMBERS = 20_000
MAX_BYTES = 2**31
MAX_TEXT = 64 * 1024 * 1024
MAX_BLOB = 32 * 1024 * 1024
NAME = re.compile(
    rb"statement\.json|statement\.sig|[0-9a-f]{16}/(?:entries|openings)\.jsonl|(?:blobs|keys)/[0-9a-f]{64}", re.ASCII
)
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DATE = 0x21  # 1980-01-01, the first day that a zip file knows


def build(members: Mapping[str, bytes | Path], file: BinaryIO) -> None:
    """Write *members* as one bundle; a path is read when its turn comes. BundleError if it grows over 2 GiB."""
    directory = []
    offset = 0
    for name in sorted(members):
        member = members[name]
        data = member if isinstance(member, bytes) else member.read_bytes()
        header = _header(name.encode(), zlib.crc32(data), len(data))
        directory.append(_entry(name.encode(), zlib.crc32(data), len(data), offset))
        offset += len(header) + len(data)
        if offset > MAX_BYTES:
            raise BundleError("the week is larger than 2 GiB", remedy="Export it without images.")
        file.write(header)
        file.write(data)
    file.write(_tail(directory, offset))


def read_file(path: Path) -> bytes:
    """Return the bytes of a file; BundleError if it is too large for a bundle, before any of it is in memory."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > MAX_BYTES:
            raise _bad("it is larger than 2 GiB")
        return file.read(MAX_BYTES + 1)


def parse(data: bytes) -> dict[str, bytes]:
    """Return the members of a bundle; BundleError unless ``build`` would give exactly *data*."""
    if len(data) > MAX_BYTES:
        raise _bad("it is larger than 2 GiB")
    members: dict[str, bytes] = {}
    directory: list[bytes] = []
    offset = 0
    last = b""
    while data[offset : offset + 4] == b"PK\x03\x04":
        name, size, crc = _fields(data, offset)
        if name <= last or len(members) >= MAX_MEMBERS:
            raise _bad("its members are not in order or too many")
        start = offset + _LOCAL.size + len(name)
        member = data[start : start + size]
        if len(member) != size or zlib.crc32(member) != crc or data[offset:start] != _header(name, crc, size):
            raise _bad(f"{name.decode()} is cut off or damaged")
        directory.append(_entry(name, crc, size, offset))
        members[name.decode()] = member
        last, offset = name, start + size
    if data[offset:] != _tail(directory, offset):
        raise _bad("its directory does not fit its members")
    return members


def _fields(data: bytes, offset: int) -> tuple[bytes, int, int]:
    if len(data) < offset + _LOCAL.size:
        raise _bad("it is cut off")
    fields = _LOCAL.unpack_from(data, offset)
    crc, size, length = fields[6], fields[8], fields[9]
    name = data[offset + _LOCAL.size : offset + _LOCAL.size + length]
    if not NAME.fullmatch(name):
        raise _bad("it holds a file that has no business there")
    if size > (MAX_BLOB if name.startswith(b"blobs/") else MAX_TEXT):
        raise _bad(f"{name.decode()} is too large")
    return name, size, crc


def _header(name: bytes, crc: int, size: int) -> bytes:
    return _LOCAL.pack(b"PK\x03\x04", 20, 0, 0, 0, _DATE, crc, size, size, len(name), 0) + name


def _entry(name: bytes, crc: int, size: int, offset: int) -> bytes:
    fixed = (b"PK\x01\x02", 20, 20, 0, 0, 0, _DATE, crc, size, size, len(name), 0, 0, 0, 0, 0, offset)
    return _CENTRAL.pack(*fixed) + name


def _tail(directory: list[bytes], offset: int) -> bytes:
    central = b"".join(directory)
    count = len(directory)
    return central + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(central), offset, 0)


def _bad(why: str) -> BundleError:
    return BundleError(f"this is not an export of a week: {why}", remedy="Ask for the file again; compare its SHA-256.")
