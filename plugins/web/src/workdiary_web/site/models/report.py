"""What a verification found, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary.proof.report import BAD_INPUT, CONTRADICTION, INCOMPLETE, NOT_PROVEN, PROVEN, VERIFIED
from workdiary.proof.words import said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workdiary.proof.report import Report

_VERDICTS = {
    VERIFIED: ("Verified", "Everything in the export fits together."),
    CONTRADICTION: ("Contradiction", "Two signed things cannot both be true. Do not rely on this week."),
    INCOMPLETE: ("Incomplete", "Nothing contradicts, but something that should be there is missing."),
    BAD_INPUT: ("Not readable", "This is no export, or it is damaged."),
}
_LEVELS = {VERIFIED: "remark", CONTRADICTION: "contradiction", INCOMPLETE: "missing", BAD_INPUT: "unreadable"}


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """The verdict, what it rests on, and what it cannot say."""

    verdict: str
    meaning: str
    findings: Sequence[tuple[str, str, str]]  #: level, where, text
    devices: Sequence[str]
    proven: Sequence[str]
    not_proven: Sequence[str]


def report_page(report: Report) -> ReportPage:
    """Return a report for people."""
    verdict, meaning = _VERDICTS[report.exit_code]
    return ReportPage(
        verdict=verdict,
        meaning=meaning,
        findings=[(_LEVELS[one.level], one.where, said(one.text)) for one in report.findings],
        devices=[str(one) for one in report.summary.get("devices", ())],
        proven=PROVEN if report.exit_code == VERIFIED else (),
        not_proven=NOT_PROVEN,
    )
