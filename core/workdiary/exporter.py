"""What an export format has to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.diary.model import Week


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """A format for a week: ``write`` gets the folded week and an open binary file."""

    name: str
    suffix: str  #: with its dot, such as ".csv"
    write: Callable[[Week, BinaryIO], None]
