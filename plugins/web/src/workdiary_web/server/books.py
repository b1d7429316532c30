"""What a web process shows."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workdiary import config
from workdiary.desk.book import LocalBook
from workdiary.desk.desk import own_keys
from workdiary.desk.machine import LocalMachine
from workdiary.diary.rules import Rules
from workdiary.plugins.manager import Plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from workdiary.desk.book import Book
    from workdiary.desk.machine import Machine
    from workdiary.paths import Home
    from workdiary.payloads import Lane, Period


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A diary, and what there is beside it."""

    book: Book
    machine: Machine | None = None  #: where time is tracked; none beside a received file
    lanes: Callable[[Period], Sequence[Lane]] = lambda _day: ()  #: what plugins add to a day's timeline


@contextlib.contextmanager
def subject_of(home: Home, file: Path | None) -> Iterator[Subject]:
    """Give the diary of this machine, or the one in a received file."""
    plugins = Plugins.load(config.load(home.config_file), home)
    try:
        rules = Rules.of(plugins.billing_rules(), plugins.protection_rules())
        if file is None:
            book = LocalBook(home, rules, plugins.uploaders)
            yield Subject(book=book, machine=LocalMachine(home), lanes=plugins.lanes)
        else:
            from workdiary.desk.received import ReceivedBook

            yield Subject(book=ReceivedBook(file, rules, lambda: own_keys(home)))
    finally:
        plugins.stop()
