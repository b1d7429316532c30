"""One chain by itself: who signs it, canonical bodies, signatures, links."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workdiary.diary.fold import segment_id
from workdiary.journal import entry as kinds
from workdiary.slots import LAST_MS, slot_start_ms, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workdiary.proof.lines import ChainClaim, Opening, SignedEntry
    from workdiary.proof.report import Report

#: The y coordinates of Ed25519's points of small order, canonical or not: such a key verifies what nobody signed.
_SMALL_ORDER = {
    bytes.fromhex(text)
    for text in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
}


@dataclass(kw_only=True)
class Links:
    """A chain that was read: its entries by seq, the last terms before its range among them."""

    device: str
    public: Ed25519PublicKey
    entries: dict[int, kinds.AnyEntry] = field(default_factory=dict)
    openings: Mapping[tuple[int, str], Opening] = field(default_factory=dict)
    terms: int | None = None
    first: int = 0
    head: int = 0

    def name(self, seq: int) -> str:
        """Return how a finding names one of the chain's entries."""
        return f"{self.device} entry {seq}"


def check_links(
    claim: ChainClaim,
    contract: str,
    signed: list[SignedEntry],
    openings: Mapping[tuple[int, str], Opening],
    report: Report,
) -> Links | None:
    """Return the chain, or None if it contradicts itself or what the statement claims of it."""
    device = claim.device
    before = len(report.findings)
    decoded = list(_decode(device, signed, report))
    if len(report.findings) > before:
        return None
    public = _key(device, decoded[0] if decoded else None, report)
    if public is None:
        return None
    chain = Links(device=device, public=public, openings=openings)
    for one, source in zip(decoded, signed, strict=True):
        if (one.device, one.contract, one.v) != (device, contract, 1):
            report.contradiction(f"{device} entry {one.seq}", "it belongs to another device, contract or version")
        elif not is_signed(public, source.body, source.signature):
            report.contradiction(f"{device} entry {one.seq}", "the signature is not the device's")
        elif not all(0 <= wall_ms <= LAST_MS for wall_ms in _times(one)):
            report.contradiction(f"{device} entry {one.seq}", "it names a time before 1970 or after the year 9998")
    _link(chain, claim, list(zip(decoded, (kinds.digest(source.body) for source in signed), strict=True)), report)
    return chain if len(report.findings) == before else None


def is_signed(public: Ed25519PublicKey, body: bytes, signature: bytes) -> bool:
    """Say whether *signature* is over *body*, as entries are signed."""
    try:
        public.verify(signature, kinds.pae(body))
    except InvalidSignature:
        return False
    return True


def public_key(text: str) -> Ed25519PublicKey | None:
    """Return the key of its hex form; None if it is none, or one that verifies what nobody signed."""
    try:
        raw = bytes.fromhex(text)
        public = Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        return None
    masked = raw[:-1] + bytes([raw[-1] & 0x7F])
    return None if raw.hex() != text or masked in _SMALL_ORDER else public


def _decode(device: str, signed: list[SignedEntry], report: Report) -> Iterable[kinds.AnyEntry]:
    for line, source in enumerate(signed, 1):
        try:
            one = kinds.decode(source.body)
            report.places[f"{device} entry {one.seq}"] = _place(one)
            yield one
        except ValueError as error:
            report.contradiction(f"{device}/entries.jsonl line {line}", f"no entry: {error}")


def _place(one: kinds.AnyEntry) -> str:
    """Return what people call an entry: by when it was."""
    if isinstance(one, kinds.Segment | kinds.Manual):
        return f"segment {segment_id(one.device, one.contract, one.seq)} ({_spoken(slot_start_ms(one.slot))})"
    return f"entry {one.seq} ({kinds.kind_of(one)}, {_spoken(one.at)})"


def _spoken(wall_ms: int) -> str:
    try:
        return spoken(wall_ms)
    except OverflowError:
        return "at no time that there is"


def _times(one: kinds.AnyEntry) -> tuple[int, ...]:
    """Return every instant that an entry names, in ms since 1970."""
    match one:
        case kinds.Segment():
            seconds = (second for drawn in one.moments for second in (drawn.start, drawn.at))
            return (one.at, slot_start_ms(one.slot), *(slot_start_ms(one.slot) + 1000 * second for second in seconds))
        case kinds.Manual():
            return (one.at, slot_start_ms(one.slot))
        case kinds.Gap():
            return (one.at, one.start, one.end)
        case kinds.Clock():
            return (one.at, one.before, one.after)
    return (one.at,)


def _key(device: str, entry: kinds.AnyEntry | None, report: Report) -> Ed25519PublicKey | None:
    if not isinstance(entry, kinds.Key) or entry.seq != 0 or entry.prev != kinds.FIRST_PREV:
        report.contradiction(f"{device} entry 0", "the chain does not begin with its key")
        return None
    public = public_key(entry.public)
    if public is None:
        report.contradiction(f"{device} entry 0", "its public key is none")
        return None
    if hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16] != device:
        report.contradiction(f"{device} entry 0", "its public key does not belong to the device's name")
        return None
    return public


def _link(chain: Links, claim: ChainClaim, rest: list[tuple[kinds.AnyEntry, str]], report: Report) -> None:
    """Check seq and prev of the range; the terms before it stand alone between key and range."""
    key_digest = rest.pop(0)[1]
    known = {0: key_digest}
    if claim.terms is not None:
        terms, digest = rest.pop(0) if rest else (None, "")
        if not isinstance(terms, kinds.Terms) or not 0 < terms.seq == claim.terms < claim.first:
            report.contradiction(chain.name(claim.terms), "the terms before the range are not those of the statement")
            return
        chain.terms = terms.seq
        chain.entries[terms.seq] = terms
        known[terms.seq] = digest
    expected = (claim.first, known.get(claim.first - 1, claim.prev))
    for one, digest in rest:
        if (_begins(one, expected[0]), one.prev) != expected or one.seq < 1 or isinstance(one, kinds.Key):
            text = f"it does not follow entry {expected[0] - 1}: one is missing, moved or changed"
            report.contradiction(chain.name(one.seq), text)
            return
        chain.entries[one.seq] = one
        expected = (one.seq + 1, digest)
    chain.first, chain.head = claim.first, expected[0] - 1
    if (claim.head, claim.digest) != (chain.head, rest[-1][1] if rest else ""):
        text = f"the statement rests on entries up to {claim.head}, the file holds them up to {chain.head}"
        report.contradiction(f"statement.json and {chain.name(chain.head)}", text)
    elif claim.first in chain.entries and chain.entries[claim.first].prev != claim.prev:
        report.contradiction(f"statement.json and {chain.name(claim.first)}", "they name different entries before it")


def _begins(one: kinds.AnyEntry, expected: int) -> int:
    """Return the seq that an entry follows on: ``recover`` states a hole before it, and closes it."""
    if isinstance(one, kinds.Recover) and expected <= one.lost_from <= one.lost_to == one.seq - 1:
        return expected
    return one.seq
