"""Which diary a web process shows."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from workdiary import config
from workdiary.desk.book import LocalBook
from workdiary.desk.desk import own_keys
from workdiary.desk.received import ReceivedBook
from workdiary.diary.rules import Rules
from workdiary.plugins.manager import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workdiary.desk.book import Book
    from workdiary.paths import Home


@contextlib.contextmanager
def book_of(home: Home, file: Path | None) -> Iterator[Book]:
    """Give the diary of this machine, or the one in a received file."""
    plugins = Plugins.load(config.load(home.config_file), home)
    try:
        rules = Rules.of(plugins.billing_rules(), plugins.protection_rules())
        if file is None:
            yield LocalBook(home, rules, plugins.uploaders)
        else:
            yield ReceivedBook(file, rules, lambda: own_keys(home))
    finally:
        plugins.stop()
