"""What the verifier found, for people and as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workdiary.diary.money import money

if TYPE_CHECKING:
    from collections.abc import Mapping

VERIFIED, CONTRADICTION, INCOMPLETE, BAD_INPUT = range(4)
_VERDICTS = ("verified", "contradiction", "incomplete", "bad input")

PROVEN = (
    "order and completeness of the entries within each range, each signed by the device that made it",
    "nothing in the range was changed, inserted or removed since the statement was signed",
    "each erased value was erased by its owner's signed word",
    "the snapshot moments of revealed days were derived, not picked",
    "the amount follows from the entries by the named rules",
)
NOT_PROVEN = (
    "that a person typed: a changed client or an input simulator signs just as well",
    "the true time: entries carry the device's own clock",
    "that the ranges begin where the last week's ended: compare first and prev with its head and digest",
    "that a device belongs to whom you think: compare its fingerprint over another channel",
    "what is in an image, unless the file holds its key",
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that does not fit. ``where``: the entries or members that conflict."""

    level: int  #: VERIFIED for a remark, CONTRADICTION, INCOMPLETE or BAD_INPUT
    where: str
    text: str


@dataclass(kw_only=True)
class Report:
    """The outcome; it grows while the verifier works."""

    findings: list[Finding] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)  #: contract, week, devices, statement
    places: dict[str, str] = field(default_factory=dict)  #: what people call the entries that findings name

    def contradiction(self, where: str, text: str) -> None:
        """Note that two signed things cannot both be true, or that one breaks a rule of the format."""
        self.findings.append(Finding(level=CONTRADICTION, where=where, text=text))

    def incomplete(self, where: str, text: str) -> None:
        """Note that something is missing."""
        self.findings.append(Finding(level=INCOMPLETE, where=where, text=text))

    def remark(self, where: str, text: str) -> None:
        """Note something that a reader should know."""
        self.findings.append(Finding(level=VERIFIED, where=where, text=text))

    @property
    def exit_code(self) -> int:
        """0 verified, 1 contradiction, 2 incomplete, 3 bad input: the worst of all findings."""
        levels = {finding.level for finding in self.findings}
        return next((level for level in (BAD_INPUT, CONTRADICTION, INCOMPLETE) if level in levels), VERIFIED)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        findings = [{"level": _level(one), "where": one.where, "text": one.text} for one in self.findings]
        return {
            "exit_code": self.exit_code,
            "verdict": _VERDICTS[self.exit_code],
            **self.summary,
            "findings": findings,
            "proven": list(PROVEN) if self.exit_code == VERIFIED else [],
            "not_proven": list(NOT_PROVEN),
        }

    def to_text(self) -> str:
        """Return the report for people."""
        lines = [f"{_VERDICTS[self.exit_code]}: {self.summary.get('contract', '?')} {self.summary.get('week', '?')}"]
        lines += [f"  {_level(one)}: {one.where}: {one.text}" for one in self.findings]
        lines += [f"  device {device}" for device in self.summary.get("devices", ())]
        claimed = claimed_sum(self.summary)
        if claimed:
            seconds, minor, currency = claimed
            lines.append(f"  {seconds} s billable, {money(minor, currency)}")
        if self.exit_code == VERIFIED:
            lines += ["This file proves:", *(f"  {text}" for text in PROVEN)]
        return "\n".join([*lines, "It cannot prove:", *(f"  {text}" for text in NOT_PROVEN)]) + "\n"


def claimed_sum(summary: Mapping[str, Any]) -> tuple[int, int, str] | None:
    """Return the seconds, amount and currency that a statement claims; None if it does not, in the form of these."""
    statement = summary.get("statement")
    if not isinstance(statement, dict):
        return None
    match [statement.get(key) for key in ("billable_seconds", "amount", "currency")]:
        case [int(seconds), int(minor), str(currency)]:
            return seconds, minor, currency
    return None


def _level(finding: Finding) -> str:
    return "remark" if finding.level == VERIFIED else _VERDICTS[finding.level]
