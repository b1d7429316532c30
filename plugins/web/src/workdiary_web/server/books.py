"""Which diary a web process shows."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from workdiary import config
from workdiary.desk.book import LocalBook
from workdiary.diary.rules import Rules
from workdiary.errors import UsageError
from workdiary.plugins.manager import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workdiary.desk.book import Book
    from workdiary.paths import Home


@contextlib.contextmanager
def book_of(home: Home, file: Path | None) -> Iterator[Book]:
    """Give the diary of this machine, or the one in a received file."""
    if file is not None:
        raise UsageError(f"{file}: received files cannot be shown yet", remedy=f"workdiary verify {file}")
    plugins = Plugins.load(config.load(home.config_file), home)
    try:
        yield LocalBook(home, Rules.of(plugins.billing_rules(), plugins.protection_rules()), plugins.uploaders)
    finally:
        plugins.stop()
