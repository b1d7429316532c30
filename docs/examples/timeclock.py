"""An exporter: a week in the timeclock format, which ledger and hledger read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from workdiary.exporter import Export, Exporter
from workdiary.hooks import hookimpl

if TYPE_CHECKING:
    from workdiary.diary.model import Segment


def write_timeclock(export: Export, file: BinaryIO) -> None:
    """Write a check-in and a check-out for each interval that counts."""
    for segment in export.week.segments:
        if segment.deleted or segment.void:
            continue
        for begin, end in segment.intervals:
            file.write(f"i {_at(segment, begin)} {segment.contract}  {_line(segment.memo)}\n".encode())
            file.write(f"o {_at(segment, end)}\n".encode())


def _at(segment: Segment, ms: int) -> str:
    return f"{datetime.fromtimestamp((segment.start_ms + ms) // 1000, UTC):%Y-%m-%d %H:%M:%S}"


def _line(memo: str) -> str:
    return " ".join(memo.split())


@hookimpl
def workdiary_exporters() -> list[Exporter]:
    """Offer ``export --format timeclock``."""
    return [Exporter(name="timeclock", suffix=".timeclock", write=write_timeclock)]
