"""The kinds of entry, their canonical bytes, and the commitments that stand for what may be erased.

``docs/reference/journal.md`` is the specification; a second reader can be written from it alone.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar, Literal

import msgspec
import rfc8785

PAYLOAD_TYPE = b"application/vnd.workdiary.entry.v1+json"
FIRST_PREV = "0" * 64
MAX_BODY = 64 * 1024


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every entry says about itself."""

    v: Literal[1] = 1  #: another version is another format: it is refused, not guessed at
    device: str  #: first 16 hex digits of SHA-256 of the device's public key
    contract: str
    seq: int  #: 0, 1, 2, ... within the chain "<device>/<contract>"
    prev: str  #: hex SHA-256 of the previous entry's body; 64 zeros for the first
    at: int  #: when it was written, ms since 1970

    kind: ClassVar[str]


class Key(Entry, tag="key", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Always the first of a chain: who signs it, and to whom images are sealed."""

    public: str  #: Ed25519, hex
    recipient: str  #: age recipient of the owner


class Terms(Entry, tag="terms", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contract's terms from ``at`` on; a later one replaces them whole."""

    terms: dict[str, str | int | bool | None]


class Day(Entry, tag="day", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The commitment to the secret of the day's snapshot moments."""

    date: str
    commit: str


class Reveal(Entry, tag="reveal", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The day's secret, after its last segment."""

    date: str
    secret: str


class Session(Entry, tag="session", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tracking began, was interrupted or ended; or time without input was kept."""

    session: str
    action: str  #: start, stop, pause, resume, keep
    reason: str = ""


class Moment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A derived snapshot moment: seconds into the slot at which tracking began, and at which it fell due."""

    start: int
    at: int


class Segment(Entry, tag="segment", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one session recorded in one slot. ``commits``: window, counts, memo, snapshot."""

    session: str
    slot: int
    intervals: list[tuple[int, int]]  #: half-open, ms into the slot, ascending, disjoint
    moments: list[Moment]
    commits: dict[str, str]


class Manual(Entry, tag="manual", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One whole slot that was typed in. ``commits``: memo."""

    slot: int
    commits: dict[str, str]


class Edit(Entry, tag="edit", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new memo for earlier entries. ``commits``: memo."""

    of: list[int]
    commits: dict[str, str]


class Tombstone(Entry, tag="tombstone", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The owner's word that earlier values are gone. ``fields``: ``["*"]`` (time too) or ``["snapshot"]``."""

    of: list[int]
    fields: list[str]
    why: str  #: owner, retention


class Gap(Entry, tag="gap", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Time within a session that is not credited, and why."""

    session: str
    start: int  #: ms since 1970
    end: int
    elapsed: int  #: ms by the clock that runs through sleep; end - start differs where the wall clock was moved
    reason: str


class Clock(Entry, tag="clock", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wall clock was moved."""

    before: int
    after: int


class Recover(Entry, tag="recover", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A damaged journal was set aside; the chain goes on behind what could be saved."""

    lost_from: int
    lost_to: int
    reason: str


AnyEntry = Key | Terms | Day | Reveal | Session | Segment | Manual | Edit | Tombstone | Gap | Clock | Recover
_decoder = msgspec.json.Decoder(AnyEntry)


def kind_of(entry: Entry) -> str:
    """Return the entry's kind as it stands in its body."""
    return str(entry.__struct_config__.tag)


def encode(entry: AnyEntry) -> bytes:
    """Return the canonical body (RFC 8785): the bytes that are signed, stored and sent."""
    return canonical(msgspec.to_builtins(entry))


def decode(body: bytes) -> AnyEntry:
    """Return the entry of a body; ValueError if it is no entry or not in canonical form."""
    if len(body) > MAX_BODY:
        raise ValueError("the body is longer than 64 KiB")
    try:
        entry: AnyEntry = _decoder.decode(body)
    except RecursionError:
        raise ValueError("the body is nested too deeply") from None
    if encode(entry) != body:
        raise ValueError("the body is not in canonical form")
    return entry


def decode_own(body: bytes) -> AnyEntry:
    """Return the entry of a body that this device wrote itself: its form was checked then."""
    entry: AnyEntry = _decoder.decode(body)
    return entry


def canonical(value: Any) -> bytes:
    """Return *value* as canonical JSON."""
    return rfc8785.dumps(value)


def parse(value: bytes) -> Any:
    """Return the value of an opening."""
    return json.loads(value)


def digest(body: bytes) -> str:
    """Return the hex SHA-256 of a body: what the next entry names as ``prev``."""
    return hashlib.sha256(body).hexdigest()


def pae(body: bytes) -> bytes:
    """Return what of an entry is signed."""
    return encode_pae(PAYLOAD_TYPE, body)


def encode_pae(kind: bytes, body: bytes) -> bytes:
    """Return the pre-authentication encoding of DSSE v1."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)


def commitment(field: str, salt: bytes, value: bytes) -> str:
    """Return the hex commitment of one field; *salt* is 32 random bytes, never used twice."""
    return hashlib.sha256(b"workdiary/1/" + field.encode() + b"\0" + salt + value).hexdigest()
