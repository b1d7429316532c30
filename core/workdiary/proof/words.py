"""What a verification found, in words for a client who has never seen a hash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.diary.money import money
from workdiary.proof.report import BAD_INPUT, CONTRADICTION, INCOMPLETE, VERIFIED, Report, claimed_sum

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERDICTS = {
    VERIFIED: ("verified", "This record is in order."),
    CONTRADICTION: ("contradicted", "This record contradicts itself. Do not approve it as it is."),
    INCOMPLETE: ("incomplete", "Nothing in this record is false, but something is missing, so not all can be checked."),
    BAD_INPUT: ("unreadable", "This file cannot be read as the export of a week."),
}
PROVES = (
    "Nothing was changed, put in or left out after it was recorded: each entry is signed and names the one before it.",
    "All of it was recorded by the device that signs it, and nobody else can have written an entry, you included.",
    "What is missing was deleted by its owner, and it says so.",
    "Nobody picked the moments of screenshots: where a day's secret is given, it decided them and was fixed before.",
    "The amount follows from the recorded time by the rules that both sides agreed on; it was computed again here.",
)
CANNOT = (
    "That a person was typing: a changed program, or one that feigns input, signs just as well.",
    "The true time: the device's own clock is recorded. Keep what you receive: it shows what was there by then.",
    "That nothing is missing between two weeks: compare with the export of the week before.",
    "That the device belongs to whom you think: compare its name once, on the telephone or face to face.",
    "What a picture shows, where its key is not in the file. Where it is, the picture is the one that was recorded.",
)
_NAMES = {
    "statement.json": "The signed bill",
    "statement.json and entries": "The signed bill and the recorded time",
    "openings or terms": "A recorded value or the contract's terms",
}
_UNREVEALED = (
    r"the file was made before the secret that picked the moments of the screenshots of \1 was given out, so those "
    "moments cannot be checked here. The recorded time and the amount do not depend on it; in a file that is made "
    "after a later day of work they can be"
)
_REMEDIES = {
    CONTRADICTION: "Ask the freelancer for the file again; if it comes back the same, ask about what is named here.",
    INCOMPLETE: "Ask the freelancer about what is named here.",
    BAD_INPUT: "Ask for the file again. It was damaged on the way if its SHA-256 is not the one that the sender has.",
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """A report for people: one headline, then short sentences."""

    verdict: str  #: verified, contradicted, incomplete, unreadable
    headline: str
    summary: str  #: what is to pay, and for which week; empty if it cannot be read
    findings: tuple[str, ...]
    remedy: str
    proves: tuple[str, ...]  #: only of a verified record
    cannot: tuple[str, ...]

    def to_text(self) -> str:
        """Return them for a terminal."""
        lines = [self.headline, *([self.summary] if self.summary else [])]
        lines += [f"- {one}" for one in self.findings]
        lines += [self.remedy] if self.remedy else []
        if self.proves:
            lines += ["What this proves:", *(f"- {one}" for one in self.proves)]
        return "\n".join([*lines, "What no such file can prove:", *(f"- {one}" for one in self.cannot)]) + "\n"


def in_words(report: Report) -> Words:
    """Return what a report says, in plain words."""
    verdict, headline = _VERDICTS[report.exit_code]
    return Words(
        verdict=verdict,
        headline=headline,
        summary=_summary(report.summary),
        findings=tuple(f"{_named(one.where, report.places)}: {said(one.text)}." for one in report.findings),
        remedy=_REMEDIES.get(report.exit_code, ""),
        proves=PROVES if report.exit_code == VERIFIED else (),
        cannot=CANNOT,
    )


def _summary(summary: Mapping[str, object]) -> str:
    claimed = claimed_sum(summary)
    if claimed is None:
        return ""
    seconds, minor, currency = claimed
    return f"{summary['contract']}, week {summary['week']}: {_span(seconds)} billable, {money(minor, currency)}."


def _span(seconds: int) -> str:
    """Return a duration as people say it, such as ``30 h 50 min 20 s``; what is zero is left out."""
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 h"


def said(text: str) -> str:
    """Return what a finding means for the reader, where its own words are for those who know the format."""
    return re.sub(r"^the secret of (\S+) is not revealed yet: its moments cannot be derived here$", _UNREVEALED, text)


def _named(where: str, places: Mapping[str, str]) -> str:
    """Put the names that people use in the place of a device and a number."""
    named = re.sub(r"^[0-9a-f]{16}$", lambda found: f"Device {found[0]}", where)
    named = re.sub(r"[0-9a-f]{16} entry \d+", lambda found: places.get(found[0], found[0]), _NAMES.get(named, named))
    named = named.replace("statement.json", "the signed bill")
    named = re.sub(r"\bblobs/([0-9a-f]{12})[0-9a-f]{52}", r"the picture \1", named)
    named = re.sub(r"\bkeys/([0-9a-f]{12})[0-9a-f]{52}", r"the key of the picture \1", named)
    return named[:1].upper() + named[1:]
