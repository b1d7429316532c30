"""A review as a file: one signed line, in one form only. ``docs/reference/review.md`` is the specification."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from workdiary.diary.fold import segment_id
from workdiary.diary.text import require_text
from workdiary.errors import BundleError, UsageError
from workdiary.journal import entry as kinds
from workdiary.proof.lines import CONTRACT
from workdiary.proof.links import is_signed, public_key
from workdiary.slots import LAST_MS, SLOT_MS, parse_week

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BYTES = 4 * 1024 * 1024
MAX_NAME = 100
_BEFORE, _SIGNATURE = b'{"body":', re.compile(rb',"signature":"([0-9a-f]{128})"}\n')
#: A quote within a text is escaped, so only a key can look like this.
_PUBLIC = re.compile(rb'"public":"([0-9a-f]{64})"')
_TAIL = len(b',"signature":""}\n') + 128
_AGAIN = "Ask for the file again; compare its SHA-256."

_Natural = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
_Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$", min_length=64, max_length=64)]
_Device = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$", min_length=16, max_length=16)]


class ChainRef(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The stretch of one device's chain on which the answer rests."""

    device: _Device
    first: _Natural
    head: _Natural
    digest: _Hash  #: of the entry at ``head``


class Disputed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One segment that the client does not accept."""

    device: _Device
    seq: _Natural
    digest: _Hash
    slot: Annotated[int, msgspec.Meta(ge=0, le=LAST_MS // SLOT_MS)]
    reason: str


class Reviewer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers."""

    name: str
    public: _Hash  #: Ed25519, hex


class Approved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left to pay without the disputed segments."""

    seconds: _Natural
    amount: _Natural  #: minor units
    currency: str


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="review"):
    """What is signed. No entry and no statement is of this kind: one signature cannot pass for another."""

    v: Literal[1] = 1
    at: Annotated[int, msgspec.Meta(ge=0, le=LAST_MS)]  #: ms since 1970, by the client's clock
    contract: str
    week: str
    statement: _Hash  #: SHA-256 of the export's statement.json
    chains: list[ChainRef]
    reviewer: Reviewer
    verdict: Literal["approved", "disputed"]
    disputed: list[Disputed]
    approved: Approved


@dataclass(frozen=True, kw_only=True)
class Review:
    """A review whose form and signature hold; ``data`` is the file."""

    body: Body
    data: bytes

    @property
    def file_name(self) -> str:
        """The name under which it is sent."""
        return f"{self.body.contract}-{self.body.week}.review.json"

    @property
    def sha256(self) -> str:
        """Of the file, in hex."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def fingerprint(self) -> str:
        """Of the client's key."""
        return fingerprint(self.body.reviewer.public)

    def reasons(self) -> dict[str, str]:
        """Return the reason of each disputed segment, by its id."""
        return {segment_id(one.device, self.body.contract, one.seq): one.reason for one in self.body.disputed}


_decoder = msgspec.json.Decoder(Body)


def fingerprint(public: str) -> str:
    """Return what two people compare of a public key, on the telephone if need be: 32 hex digits in groups of four."""
    digits = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


def write_review(body: Body, sign: Callable[[bytes], bytes]) -> Review:
    """Sign a body; UsageError if it says what no review may."""
    trouble = _trouble(body)
    if trouble:
        raise UsageError(f"this cannot be a review: {trouble}")
    signed = kinds.canonical(msgspec.to_builtins(body))
    return read_review(_BEFORE + signed + b',"signature":"' + sign(signed).hex().encode() + b'"}\n')


def read_review(data: bytes) -> Review:
    """Return the review of a file; BundleError says in plain words what is wrong with it."""
    signed, signature = _split(data)
    named = _PUBLIC.search(signed)
    public = public_key(named[1].decode()) if named else None
    if public is None or not is_signed(public, signed, signature):
        raise _bad("the file was changed after it was signed: the signature does not fit")
    try:
        body = _decoder.decode(signed)
    except ValueError as error:
        raise _bad(f"it is from another program: what was signed is no review ({error})") from None
    trouble = _trouble(body)
    if kinds.canonical(msgspec.to_builtins(body)) != signed or body.reviewer.public != public.public_bytes_raw().hex():
        trouble = "it is not in the one form of a review"
    if trouble:
        raise _bad(f"it is from another program: {trouble}")
    return Review(body=body, data=data)


def _split(data: bytes) -> tuple[bytes, bytes]:
    if not data.strip():
        raise _bad("the file is empty")
    if len(data) > MAX_BYTES:
        raise _bad(f"it is larger than {MAX_BYTES} bytes")
    if not data.startswith(_BEFORE):
        raise _bad("it does not begin as a review does; is it another file, or the export itself?")
    if not data.endswith(b'"}\n'):
        raise _bad("the file is cut off, or something was put behind its end")
    tail = _SIGNATURE.fullmatch(data[-_TAIL:])
    if tail is None:
        raise _bad("its signature is damaged")
    return data[len(_BEFORE) : -_TAIL], bytes.fromhex(tail[1].decode())


def _trouble(body: Body) -> str:
    """Return what is wrong with the sense of a body, or nothing."""
    try:
        parse_week(body.week)
        require_text("name", body.reviewer.name, MAX_NAME)
        for one in body.disputed:
            require_text("reason", one.reason)
    except UsageError as error:
        return error.message
    if not CONTRACT.fullmatch(body.contract):
        return "its contract has no name that a contract may have"
    if not re.fullmatch("[A-Z]{3}|", body.approved.currency):
        return "its currency is none"
    if not all(one.reason.strip() for one in body.disputed):
        return "a disputed segment has no reason"
    return _disorder(body)


def _disorder(body: Body) -> str:
    heads = {one.device: one for one in body.chains}
    places = [(one.device, one.seq) for one in body.disputed]
    if not heads or [one.device for one in body.chains] != sorted(heads):
        return "its chains are not in order"
    if places != sorted(set(places)) or (body.verdict == "disputed") != bool(places):
        return "its disputed segments are not in order, or do not fit its verdict"
    if any(device not in heads or not heads[device].first <= seq <= heads[device].head for device, seq in places):
        return "it disputes a segment on which it does not rest"
    return ""


def _bad(why: str) -> BundleError:
    return BundleError(f"this review cannot be used: {why}", remedy=_AGAIN)
