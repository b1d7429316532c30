"""The text members of a bundle, one JSON object a line, in one form only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from workdiary.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

CONTRACT = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")  #: what a contract may be called
Opening = tuple[bytes, bytes]  #: salt, value
_BEFORE, _BETWEEN, _AFTER = b'{"body":', b',"signature":"', b'"}'
_TAIL = re.compile(rb',"signature":"([0-9a-f]{128})"}')
_TAIL_LENGTH = len(_BETWEEN) + 128 + len(_AFTER)


@dataclass(frozen=True, kw_only=True)
class SignedEntry:
    """An entry's exact body and its Ed25519 signature."""

    body: bytes
    signature: bytes


@dataclass(frozen=True, kw_only=True)
class ChainPart:
    """What a bundle holds of one chain.

    ``entries`` is a range without holes behind ``key`` (which is seq 0 and not repeated in it);
    ``terms_before`` are the last terms before the range; ``openings`` are by (seq, field); ``blobs`` by SHA-256,
    and so is ``keys``, the age file key of each.
    """

    key: SignedEntry
    terms_before: SignedEntry | None = None
    entries: Sequence[SignedEntry] = ()
    openings: Mapping[tuple[int, str], Opening] = field(default_factory=dict)
    blobs: Mapping[str, bytes | Path] = field(default_factory=dict)
    keys: Mapping[str, bytes] = field(default_factory=dict)


class _OpeningLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    field: str
    salt: str
    seq: int
    value: msgspec.Raw


_opening = msgspec.json.Decoder(_OpeningLine)


def write_entries(entries: Sequence[SignedEntry]) -> bytes:
    """Return ``entries.jsonl``: a body is canonical JSON and stands in its line as it is."""
    return b"".join(
        b"".join((_BEFORE, one.body, _BETWEEN, one.signature.hex().encode(), _AFTER, b"\n")) for one in entries
    )


def read_entries(name: str, data: bytes) -> list[SignedEntry]:
    """Return the entries of ``entries.jsonl``."""
    found = []
    for number, line in enumerate(_lines(name, data), 1):
        tail = _TAIL.fullmatch(line[-_TAIL_LENGTH:])
        if tail is None or not line.startswith(_BEFORE):
            raise BundleError(f"{name}, line {number}: this is no signed entry", remedy="Ask for the file again.")
        found.append(SignedEntry(body=line[len(_BEFORE) : -_TAIL_LENGTH], signature=bytes.fromhex(tail[1].decode())))
    return found


def write_openings(openings: Mapping[tuple[int, str], Opening]) -> bytes:
    """Return ``openings.jsonl``, sorted by seq and field."""
    return b"".join(_opening_line(seq, field, *openings[seq, field]) + b"\n" for seq, field in sorted(openings))


def read_openings(name: str, data: bytes) -> dict[tuple[int, str], Opening]:
    """Return the openings of ``openings.jsonl``."""
    found: dict[tuple[int, str], Opening] = {}
    last = (-1, "")
    for number, line in enumerate(_lines(name, data), 1):
        try:
            one = _opening.decode(line)
            salt, value, key = bytes.fromhex(one.salt), bytes(one.value), (one.seq, one.field)
        except (ValueError, RecursionError):
            raise BundleError(f"{name}, line {number}: this is no opening", remedy="Ask for the file again.") from None
        if key <= last or line != _opening_line(*key, salt, value):
            raise BundleError(f"{name}, line {number}: not in the one form", remedy="Ask for the file again.")
        found[key] = (salt, value)
        last = key
    return found


def _opening_line(seq: int, field: str, salt: bytes, value: bytes) -> bytes:
    # The value goes in as it is: the commitment is over exactly these bytes.
    return b'{"field":"%s","salt":"%s","seq":%d,"value":%s}' % (field.encode(), salt.hex().encode(), seq, value)


def _lines(name: str, data: bytes) -> list[bytes]:
    if data and not data.endswith(b"\n"):
        raise BundleError(f"{name}: the last line is cut off", remedy="Ask for the file again.")
    return data.split(b"\n")[:-1]


class ChainClaim(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a statement says of one chain: the range that it rests on."""

    device: str
    terms: int | None  #: seq of the terms before the range
    first: int
    prev: str  #: digest of the entry before the range
    head: int
    digest: str  #: of the last entry of the range


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="statement"):
    """The signed body of ``statement.json``."""

    v: int
    at: int  #: when it was exported, ms since 1970
    device: str  #: who signed it
    contract: str
    week: str
    images: bool  #: whether the bundle holds the images
    chains: list[ChainClaim]
    statement: dict[str, Any]
