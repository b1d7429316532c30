"""Verifying the export of a week: offline, from nothing but the file."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workdiary.builtin.rules import RULES
from workdiary.diary.fold import fold
from workdiary.diary.model import Record
from workdiary.diary.week import week
from workdiary.errors import BundleError, UsageError, WorkdiaryError
from workdiary.journal import entry as kinds
from workdiary.proof.bundle import parse, read_file
from workdiary.proof.lines import CONTRACT, Claim, read_entries, read_openings
from workdiary.proof.links import Links, check_links, is_signed
from workdiary.proof.report import BAD_INPUT, Finding, Report
from workdiary.proof.times import check_moments, check_times
from workdiary.proof.values import check_images, check_keys, check_values
from workdiary.slots import LAST_MS, parse_week

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workdiary.diary.model import Log
    from workdiary.diary.rules import Rules

__all__ = ["Received", "receive", "verify"]

_SIGNATURE = re.compile(rb"[0-9a-f]{128}")
_DEVICE = re.compile(r"[0-9a-f]{16}")
_claim = msgspec.json.Decoder(Claim)


@dataclass(frozen=True, kw_only=True)
class Received:
    """An export that could be read: what is in it, whatever the report says of it."""

    claim: Claim
    statement: str  #: hex SHA-256 of statement.json
    log: Log
    digests: Mapping[tuple[str, int], str]  #: of each entry, by device and seq
    blobs: Mapping[str, bytes]  #: sealed images, by name
    keys: Mapping[str, bytes]  #: what opens each of them, by name, in hex


def verify(source: Path | bytes, rules: Rules = RULES) -> Report:
    """Return what an export proves, and every contradiction that was found in it. It never raises for bad input.

    :param rules: those by which a statement may be computed anew; a statement by another is incomplete.
    """
    return receive(source, rules)[0]


def receive(source: Path | bytes, rules: Rules = RULES) -> tuple[Report, Received | None]:
    """Return what ``verify`` returns, and the export's content if its entries could be folded."""
    report = Report()
    try:
        data = source if isinstance(source, bytes) else read_file(source)
        members = parse(data)
        claim = _read_claim(members)
        chains = _read_chains(claim, members, report)
        log = _check(claim, chains, members, rules, report) if chains else None
    except (BundleError, OSError) as error:
        text = error.message if isinstance(error, BundleError) else str(error.strerror)
        report.findings.append(Finding(level=BAD_INPUT, where=_name(source), text=text))
        return report, None
    if log is None:
        return report, None
    return report, Received(
        claim=claim,
        statement=hashlib.sha256(members["statement.json"]).hexdigest(),
        log=log,
        digests={(chain.device, seq): _digest(one) for chain in chains for seq, one in chain.entries.items()},
        blobs=_below("blobs/", members),
        keys=_below("keys/", members),
    )


def _read_claim(members: Mapping[str, bytes]) -> Claim:
    body = members.get("statement.json", b"")
    try:
        claim = _claim.decode(body)
        parse_week(claim.week)
        canonical = kinds.canonical(msgspec.to_builtins(claim)) == body
    except (ValueError, UsageError, RecursionError):
        canonical, claim = False, None
    if claim is not None and not (CONTRACT.fullmatch(claim.contract) and all(map(_DEVICE.fullmatch, _devices(claim)))):
        raise BundleError("statement.json names a contract or a device by what can be no name of one")
    if (
        claim is None
        or not canonical
        or claim.v != 1
        or not 0 <= claim.at <= LAST_MS
        or not _SIGNATURE.fullmatch(members.get("statement.sig", b""))
    ):
        raise BundleError("statement.json is no signed statement of a week")
    return claim


def _devices(claim: Claim) -> list[str]:
    return [claim.device, *(chain.device for chain in claim.chains)]


def _read_chains(claim: Claim, members: Mapping[str, bytes], report: Report) -> list[Links]:
    """Return the chains, each sound by itself; none if anything in them is not."""
    named = sorted({chain.device for chain in claim.chains})
    present = sorted({name.split("/")[0] for name in members if name.endswith(".jsonl")})
    if named != present or len(named) != len(claim.chains):
        report.contradiction("statement.json", f"it rests on {', '.join(named)}; the file holds {', '.join(present)}")
        return []
    chains = []
    for one in claim.chains:
        entries, openings = f"{one.device}/entries.jsonl", f"{one.device}/openings.jsonl"
        if entries not in members or openings not in members:
            raise BundleError(f"{entries} or {openings} is missing")
        signed = read_entries(entries, members[entries])
        opened = read_openings(openings, members[openings])
        chains.append(check_links(one, claim.contract, signed, opened, report))
    _check_signature(claim, chains, members, report)
    sound = [chain for chain in chains if chain is not None]
    return sound if len(sound) == len(chains) else []


def _check_signature(
    claim: Claim, chains: Iterable[Links | None], members: Mapping[str, bytes], report: Report
) -> None:
    signers = [chain for chain in chains if chain is not None and chain.device == claim.device]
    signature = bytes.fromhex(members["statement.sig"].decode())
    if not any(is_signed(chain.public, members["statement.json"], signature) for chain in signers):
        report.contradiction("statement.json", "it is not signed by the device that it names")


def _check(claim: Claim, chains: list[Links], members: Mapping[str, bytes], rules: Rules, report: Report) -> Log | None:
    number = parse_week(claim.week)
    report.summary = {
        "contract": claim.contract,
        "week": claim.week,
        "devices": [f"{chain.device} entries {chain.first} to {chain.head}" for chain in chains],
        "statement": claim.statement,
    }
    for chain in chains:
        check_values(chain, number, report)
        check_times(chain, report)
    if report.exit_code == 1:
        return None
    try:
        log = fold(record for chain in chains for record in _records(chain))
    except WorkdiaryError as error:
        report.contradiction("openings or terms", error.message)
        return None
    for chain in chains:
        check_moments(chain, log, report)
    blobs, keys = _below("blobs/", members), _below("keys/", members)
    if claim.images:
        check_images(log, blobs, chains, number, report)
        check_keys(blobs, keys, report)
    elif blobs or keys:
        report.contradiction("statement.json", "it says that the file holds no images, but it does")
    try:
        computed = week(log, number, claim.contract, rules).statement.to_json()
    except WorkdiaryError as error:
        report.incomplete("statement.json", error.message)
    else:
        _compare(claim.statement, computed, report)
    return log


def _below(folder: str, members: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name.removeprefix(folder): data for name, data in members.items() if name.startswith(folder)}


def _digest(entry: kinds.AnyEntry) -> str:
    """Return the digest of an entry whose body was seen to be canonical."""
    return kinds.digest(kinds.encode(entry))


def _records(chain: Links) -> Iterable[Record]:
    values: dict[int, dict[str, bytes]] = {}
    for (seq, field), (_, value) in chain.openings.items():
        values.setdefault(seq, {})[field] = value
    return (Record(entry=one, openings=values.get(seq, {})) for seq, one in chain.entries.items())


def _compare(claimed: Mapping[str, object], computed: Mapping[str, object], report: Report) -> None:
    """Name each total that does not follow from the entries; other versions of the rules cannot be compared."""
    if claimed.get("rules") != computed["rules"] and _other_versions(claimed.get("rules"), computed["rules"]):
        report.incomplete(
            "statement.json", f"it was computed by {claimed.get('rules')}, known here: {computed['rules']}"
        )
        return
    for key in sorted({*claimed, *computed}):
        if claimed.get(key) != computed.get(key) or type(claimed.get(key)) is not type(computed.get(key)):
            text = f"it says {key} {claimed.get(key)!r}; the entries give {computed.get(key)!r}"
            report.contradiction("statement.json and entries", text)


def _other_versions(claimed: object, computed: object) -> bool:
    def names(rules: object) -> object:
        return [str(rule).rpartition(" ")[0] for rule in rules] if isinstance(rules, list) else None

    return names(claimed) == names(computed)


def _name(source: Path | bytes) -> str:
    return source.name if isinstance(source, Path) else "export"
