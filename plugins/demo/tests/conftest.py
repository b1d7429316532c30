from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from workdiary.builtin.rules import RULES
from workdiary.desk.reader import Reader
from workdiary.journal import read
from workdiary.slots import week_of
from workdiary_demo.making import make

#: A Wednesday afternoon.
NOW = 1_795_617_000_000


def weeks_of(reader):
    """Yield every contract and week that has segments."""
    for contract in reader.terms():
        slots = read.slots_of(reader.connection, contract)
        for number in range(week_of(slots[0]), week_of(slots[1]) + 1) if slots else ():
            if reader.rows(contract, number):
                yield contract, number


def segments_of(reader):
    return [one for contract, number in weeks_of(reader) for one in reader.week(contract, number).segments]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A demo of four weeks with pictures, and little work."""
    return make(tmp_path_factory.mktemp("demo") / "home", weeks=4, hours=12, now_ms=NOW)


@pytest.fixture
def reader(made):
    found = Reader.open(made.home, RULES)
    yield found
    found.close()


@pytest.fixture(scope="session")
def second_reader():
    folder = Path(__file__).parents[3] / "contrib" / "second-reader"
    sys.path.insert(0, str(folder))
    try:
        yield importlib.import_module("verify")
    finally:
        sys.path.remove(str(folder))
