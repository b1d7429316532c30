"""The diary that faces show: the same as the reader's, and never an old one."""

from __future__ import annotations

import pytest

from workdiary.builtin.rules import RULES
from workdiary.desk.book import LocalBook
from workdiary.desk.desk import open_keys
from workdiary.desk.reader import Reader
from workdiary.errors import RuleError
from workdiary.paths import Home
from workdiary.slots import parse_iso, slot_of, week_of

TERMS = {"rate": 5000, "currency": "EUR", "manual": True}


@pytest.fixture
def home(tmp_path):
    found = Home.find({"WORKDIARY_HOME": str(tmp_path / "home")})
    found.prepare()
    open_keys(found)
    return found


@pytest.fixture
def book(home, monkeypatch):
    monkeypatch.setattr("workdiary.desk.desk.system_clock", lambda: Now)
    return LocalBook(home, RULES)


class Now:
    wall = parse_iso("2026-11-25T12:00Z")


WEEK = week_of(slot_of(Now.wall))


def test_a_book_without_a_journal_is_empty(book):
    assert book.terms() == {}
    assert book.status()["state"] == "stopped"


def test_a_change_is_seen_at_once_though_the_week_was_kept(book, home):
    book.change("contract_add", contract="acme", terms=TERMS)
    assert book.weeks("acme") == range(0)
    assert book.week("acme", WEEK).segments == ()
    book.change("manual_add", contract="acme", start_ms=parse_iso("2026-11-25T10:00Z"), slots=3, memo="on the phone")
    assert [one.memo for one in book.week("acme", WEEK).segments] == ["on the phone"] * 3
    assert book.week("acme", WEEK) == Reader.open(home, RULES).week("acme", WEEK)
    assert book.weeks("acme") == range(WEEK, WEEK + 1)


def test_a_week_is_folded_once_while_nothing_is_written(book):
    book.change("contract_add", contract="acme", terms=TERMS)
    assert book.week("acme", WEEK) is book.week("acme", WEEK)


def test_a_refusal_comes_through(book):
    book.change("contract_add", contract="acme", terms={**TERMS, "manual": False})
    with pytest.raises(RuleError, match="does not allow manual time"):
        book.change("manual_add", contract="acme", start_ms=parse_iso("2026-11-25T10:00Z"), slots=1, memo="")
