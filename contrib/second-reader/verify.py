#!/usr/bin/env python3
"""Verify an export of a week, written from its specification alone (docs/reference: journal, export, billing).

Exit 0 verified, 1 contradiction, 2 incomplete, 3 bad input. Needs Python and `cryptography`, nothing of workdiary.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from _age import opens
from _bill import ContradictionError, UnknownRuleError, number_of, statement
from _chain import MISSING, Chain, Report
from _format import (
    CLAIM,
    HEX32,
    HEX128,
    BadInputError,
    canonical,
    fits,
    is_signed,
    parse,
    read_container,
    read_entries,
    read_openings,
)
from _times import check_times

VERDICTS = ("verified", "contradiction", "incomplete", "bad input")


def verify(data: bytes) -> Report:
    """Check an export; the report's code is the exit code."""
    report = Report()
    try:
        _verify(data, report)
    except BadInputError as fault:
        report.add(3, "file", str(fault))
    return report


def _verify(data: bytes, report: Report) -> None:
    members = read_container(data)
    claim, signature = _claim(members)
    devices = sorted({name.split("/")[0] for name in members if name.endswith(".jsonl")})
    if sum(name.endswith(".jsonl") for name in members) != 2 * len(devices):
        raise BadInputError("a chain's entries or openings are missing")
    lines = {device: read_entries(device, members[f"{device}/entries.jsonl"]) for device in devices}
    opened = {device: read_openings(device, members[f"{device}/openings.jsonl"]) for device in devices}
    links = {link["device"]: link for link in claim["chains"]}
    if sorted(link["device"] for link in claim["chains"]) != devices or claim["device"] not in links:
        return report.false("statement", "it rests on other chains than the file holds")
    chains = [Chain(device, lines[device], links[device], report) for device in devices]
    public = next(chain.public for chain in chains if chain.device == claim["device"])
    if not is_signed(public, members["statement.json"], signature):
        report.false("statement", "it is not signed by the device that it names")
    # What does not hold by itself is not compared with anything else.
    for step in (
        lambda chain: chain.check_links(claim["contract"]),
        lambda chain: chain.read_openings(opened[chain.device]),
        lambda chain: chain.check_changes(_week(claim)),
        check_times,
    ):
        if report.code == 1:
            return None
        for chain in chains:
            step(chain)
    check_images(members, images=claim["images"], chains=chains, report=report)
    return check_statement(claim, chains, report)


def _claim(members: dict[str, bytes]) -> tuple[dict, bytes]:
    if not {"statement.json", "statement.sig"} <= members.keys():
        raise BadInputError("there is no signed statement")
    claim = parse(members["statement.json"])
    if not fits(claim, CLAIM):
        raise BadInputError("statement.json is no claim of a week")
    signature = members["statement.sig"].decode("ascii", "replace")
    if not fits(signature, HEX128):
        raise BadInputError("statement.sig is no signature")
    return claim, bytes.fromhex(signature)


def check_images(members: dict[str, bytes], *, images: bool, chains: list[Chain], report: Report) -> None:
    """Compare the images with the entries that name them."""
    shots = [value for chain in chains for (_, field), value in chain.openings.items() if field == "snapshot"]
    named = {image["sha256"]: image for shot in shots for image in shot.get("images", ())}
    held = {name.removeprefix("blobs/"): data for name, data in members.items() if name.startswith("blobs/")}
    for name, data in held.items():
        if not images or name not in named:
            report.false(f"blobs/{name}", "no entry names this image, or the claim says that there are none")
        elif hashlib.sha256(data).hexdigest() != name or len(data) != named[name]["bytes"]:
            report.false(f"blobs/{name}", "this is not the image that was signed")
    for name, text in members.items():
        key = text.decode("ascii", "replace") if name.startswith("keys/") else ""
        if name.startswith("keys/") and not (
            images and fits(key, HEX32) and opens(held.get(name.removeprefix("keys/"), b""), bytes.fromhex(key))
        ):
            report.false(name, "it does not open the image of its name")
    for name in sorted(named.keys() - held.keys()) if images else ():
        report.add(MISSING, f"blobs/{name}", "the image is withheld")


def _week(claim: dict) -> int:
    """Return the number of the claim's week; a name of no week is found fault with by ``check_statement``."""
    try:
        return number_of(claim["week"])
    except ValueError:
        return -1


def check_statement(claim: dict, chains: list[Chain], report: Report) -> None:
    """Compute the statement anew."""
    try:
        made = statement(chains, claim["contract"], number_of(claim["week"]))
    except UnknownRuleError as fault:
        return report.add(MISSING, "statement", str(fault))
    except (ContradictionError, ValueError) as fault:
        return report.false("statement", str(fault))
    said = claim["statement"]
    for key in sorted(made.keys() | said.keys()):
        if key not in said or key not in made or canonical(said[key]) != canonical(made[key]):
            report.false("statement", f"it says {key} {said.get(key)}; the entries give {made.get(key)}")
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    try:
        report = verify(options.file.read_bytes())
    except OSError as fault:
        print(f"{options.file}: {fault.strerror}", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps({"verdict": VERDICTS[report.code], "findings": report.findings}, indent=2))
    else:
        print(VERDICTS[report.code])
        for one in report.findings:
            print(f"{one['where']}: {one['text']}")
    return report.code


if __name__ == "__main__":
    sys.exit(main())
