"""One device's chain: links, openings, edits and tombstones, by docs/reference/journal.md and export.md."""

from __future__ import annotations

import hashlib

from _bill import lock_of, statement_of, week_of
from _format import KINDS, VALUES, BadInputError, fits, is_signed, parse

REMARK, FALSE, MISSING = 0, 1, 2


class Report:
    """What was found; the worst of it is the verdict."""

    def __init__(self) -> None:
        self.findings: list[dict] = []

    def add(self, level: int, where: str, text: str) -> None:
        self.findings.append({"level": level, "where": where, "text": text})

    def false(self, where: str, text: str) -> None:
        self.add(FALSE, where, text)

    @property
    def code(self) -> int:
        return next((level for level in (3, FALSE, MISSING) if any(f["level"] == level for f in self.findings)), 0)


class Chain:
    """One device's part of the file, link by link."""

    def __init__(self, device: str, lines: list[tuple[bytes, bytes]], link: dict, report: Report) -> None:
        self.device, self.link, self.report = device, link, report
        self.bodies = [body for body, _ in lines]
        self.entries: list[dict] = []
        self.openings: dict[tuple[int, str], object] = {}
        self.erased: dict[int, set[str]] = {}
        self.public = ""
        for number, (body, signature) in enumerate(lines):
            entry = self._entry(body, number)
            if entry is None:
                continue
            if not number and entry["kind"] == "key":
                self.public = entry["public"]
            if not is_signed(self.public, body, signature):
                report.false(self.at(entry["seq"]), "the signature is not the device's")
            self.entries.append(entry)
        self.range = self.entries[1 + (link["terms"] is not None) :]

    def at(self, seq: object) -> str:
        return f"{self.device} entry {seq}"

    def _entry(self, body: bytes, number: int) -> dict | None:
        try:
            entry = parse(body)
        except BadInputError as fault:
            entry = str(fault)
        kind = entry.get("kind") if isinstance(entry, dict) else None
        form = KINDS.get(kind) if isinstance(kind, str) else None
        if form is None or len(body) > 65536 or not fits(entry, form) or entry["device"] != self.device:
            self.report.false(f"{self.device} line {number + 1}", "this is no entry of the device")
            return None
        return entry

    def check_links(self, contract: str) -> None:
        """Compare the chain with itself and with what the claim says of it."""
        link, bad = self.link, self.report.false
        if not self.range:
            return bad(self.device, "the chain is empty")
        key, terms = self.entries[:2]
        own = hashlib.sha256(bytes.fromhex(self.public)).hexdigest()[:16] == self.device
        if key["kind"] != "key" or key["seq"] or key["prev"] != "0" * 64 or not own:
            bad(self.at(0), "the chain does not begin with the device's key")
        if any(entry["contract"] != contract for entry in self.entries):
            bad(self.device, "an entry is of another contract")
        if any(entry["kind"] == "key" for entry in self.entries[1:]):
            bad(self.device, "a second key")
        digests = [hashlib.sha256(body).hexdigest() for body in self.bodies]
        first, last = self.range[0], self.range[-1]
        said = (link["first"], link["prev"], link["head"], link["digest"])
        if said != (first["seq"], first["prev"], last["seq"], digests[-1]):
            bad(self.device, "the claim rests on another range")
        if link["terms"] is not None and (terms["kind"], terms["seq"]) != ("terms", link["terms"]):
            bad(self.device, "the terms before the range are not those of the claim")
        for number in range(1, len(self.entries)):
            if not self._follows(number, digests[number - 1]):
                bad(self.at(self.entries[number]["seq"]), f"it does not follow entry {self.entries[number - 1]['seq']}")
        self._tell_holes()
        return None

    def _tell_holes(self) -> None:
        for entry in self.range:
            if entry["kind"] == "recover" and entry["lost_from"] <= entry["lost_to"]:
                text = f"entries {entry['lost_from']} to {entry['lost_to']} were lost with a damaged file"
                self.report.add(MISSING, self.at(entry["seq"]), text)

    def _follows(self, number: int, digest: str) -> bool:
        """Tell whether an entry follows the one before; key, terms and range need not lie next to each other."""
        before, entry = self.entries[number - 1], self.entries[number]
        recovers = entry["kind"] == "recover" and before["seq"] < entry["lost_from"] <= entry["lost_to"]
        follows = entry["seq"] == (entry["lost_to"] if recovers else before["seq"]) + 1
        if follows or number > len(self.entries) - len(self.range):
            return follows and entry["prev"] == digest
        return entry["seq"] > before["seq"]

    def read_openings(self, lines: list[tuple[int, str, bytes, bytes]]) -> None:
        """Compare each opening with what was signed."""
        entries = {entry["seq"]: entry for entry in self.range}
        for seq, field, salt, raw in lines:
            commit = entries.get(seq, {}).get("commits", {}).get(field)
            made = hashlib.sha256(f"workdiary/1/{field}\0".encode() + salt + raw).hexdigest()
            if len(salt) != 32 or commit != made:
                self.report.false(self.at(seq), f"its {field} is not the one that was signed")
                continue
            try:
                self.openings[seq, field] = parse(raw)
            except BadInputError as fault:
                self.report.false(self.at(seq), f"its {field}: {fault}")
                continue
            if not fits(self.openings[seq, field], VALUES[field]):
                self.report.false(self.at(seq), f"its {field} is not of the format")

    def check_changes(self, week: int) -> None:
        """Check edits and tombstones, each opening that should be missing, and each of the *week* that is missing."""
        entries = {entry["seq"]: entry for entry in self.entries}
        for entry in self.range:
            if entry["kind"] in ("edit", "tombstone"):
                self._check_change(entry, entries)
        for entry in self.range:
            if entry["kind"] == "edit" and entry["of"] and all("memo" in self.erased.get(s, ()) for s in entry["of"]):
                self.erased.setdefault(entry["seq"], set()).add("memo")
            for field in entry.get("commits", ()):
                here, erased = (entry["seq"], field) in self.openings, field in self.erased.get(entry["seq"], ())
                if here and erased:
                    self.report.false(self.at(entry["seq"]), f"its {field} is here though it was erased")
                if not here and not erased and self._belongs(entry, entries, week):
                    self.report.add(MISSING, self.at(entry["seq"]), f"its {field} is withheld")

    def _belongs(self, entry: dict, entries: dict[int, dict], week: int) -> bool:
        """Tell whether the week or its statement has the entry; what lies between may be erased by later tombstones."""
        if "slot" in entry:
            return week in (week_of(entry["slot"]), statement_of(entry))
        return any(
            self._belongs(entries[seq], entries, week) for seq in entry["of"] if seq in entries and seq < entry["seq"]
        )

    def _check_change(self, entry: dict, entries: dict[int, dict]) -> None:
        where, retained = self.at(entry["seq"]), entry.get("why") == "retention"
        if retained and entry["fields"] != ["snapshot"]:
            self.report.false(where, "retention erases images alone")
        for seq in entry["of"]:
            base = entries.get(seq, {"kind": "edit"})  # what lies outside of the file cannot be looked at
            if seq >= entry["seq"] or base["kind"] not in ("segment", "manual", "edit"):
                self.report.false(where, f"it names entry {seq}, which it cannot change")
            elif "slot" in base and (entry["at"] >= lock_of(statement_of(base))) != retained:
                self.report.false(where, f"it changes entry {seq} on the wrong side of the lock")
            if entry["kind"] == "tombstone":
                self.erased.setdefault(seq, set()).update(VALUES if "*" in entry["fields"] else {"snapshot"})
