"""What an export format has to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.diary.model import Image, Week


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The verifiable export that is written beside another format."""

    name: str  #: of the file
    sha256: str  #: of the file, in hex
    device: str  #: the name of the device that signed it


@dataclass(frozen=True, kw_only=True)
class Export:
    """What an exporter may write of a week."""

    week: Week
    picture: Callable[[Image], bytes] | None = None  #: opens a picture, or raises StorageError; None: leave them out
    proof: Proof | None = None  #: None if none was written


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """A format for a week: ``write`` gets what to export and an open binary file."""

    name: str
    suffix: str  #: with its dot, such as ".csv"
    write: Callable[[Export, BinaryIO], None]
