"""The reviews that were received: one file each, private, durable, never overwritten."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary import files
from workdiary.errors import BundleError, StorageError
from workdiary.paths import make_private
from workdiary.review.form import read_review

if TYPE_CHECKING:
    from pathlib import Path

    from workdiary.review.form import Review

_NAME = re.compile(r"([a-z0-9][a-z0-9_.-]{0,39})-([0-9]{4}-W[0-9]{2})-[0-9a-f]{12}\.review\.json")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One file; ``trouble`` says why it cannot be used."""

    name: str
    review: Review | None = None
    trouble: str = ""

    @property
    def contract(self) -> str:
        """Which contract it is kept for."""
        return _NAME.sub(r"\1", self.name)

    @property
    def week(self) -> str:
        """Which week it is kept for."""
        return _NAME.sub(r"\2", self.name)


class Reviews:
    """All received reviews of one home."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def names(self, contract: str = "", week: str = "") -> list[str]:
        """Return the names of what is kept, of one contract and week or of all."""
        if not self._directory.exists():
            return []
        with files.below(self._directory) as directory:
            found = [match for name in directory.names() if (match := _NAME.fullmatch(name))]
        return sorted(one[0] for one in found if contract in ("", one[1]) and week in ("", one[2]))

    def load(self, contract: str = "", week: str = "") -> list[Kept]:
        """Read what is kept, checked anew; a damaged file is named, not left out."""
        names = self.names(contract, week)
        if not names:
            return []
        with files.below(self._directory) as directory:
            return [_kept(name, files.read(directory, name) or b"") for name in names]

    def add(self, review: Review) -> bool:
        """Keep a review; False if it was kept already. It is on the disk when this returns."""
        name = _name_of(review)
        try:
            make_private(self._directory)
            with files.below(self._directory) as directory:
                known = files.read(directory, name)
                if known is not None and known != review.data:
                    raise StorageError(f"reviews/{name} is damaged", remedy="Move it away, then import again.")
                files.write(directory, name, review.data)
        except OSError as error:
            raise StorageError(
                f"the review could not be kept: {error.strerror}", remedy="Look for free space and permissions."
            ) from None
        return known is None


def _kept(name: str, data: bytes) -> Kept:
    try:
        review = read_review(data)
    except BundleError as error:
        return Kept(name=name, trouble=error.message)
    if name != _name_of(review):
        return Kept(name=name, trouble="it lies under another's name")
    return Kept(name=name, review=review)


def _name_of(review: Review) -> str:
    return f"{review.body.contract}-{review.body.week}-{review.sha256[:12]}.review.json"
