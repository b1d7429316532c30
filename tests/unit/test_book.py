"""The diary that faces show: the same as the reader's, and never an old one."""

from __future__ import annotations

import socket
import threading

import pytest

from workdiary.builtin.rules import RULES
from workdiary.desk.book import LocalBook
from workdiary.desk.desk import open_keys
from workdiary.desk.reader import Reader
from workdiary.errors import RuleError
from workdiary.journal.store import Journal
from workdiary.paths import Home
from workdiary.proof.verify import verify
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
    for module in ("desk", "book"):
        monkeypatch.setattr(f"workdiary.desk.{module}.system_clock", lambda: Now)
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


def test_a_saved_open_segment_does_not_make_a_week_be_folded_again(book, home):
    book.change("contract_add", contract="acme", terms=TERMS)
    kept = book.week("acme", WEEK)
    journal = Journal(home.journal, open_keys(home))
    journal.append([], at_ms=0, open_state=b"as the tracker does each second")
    assert book.week("acme", WEEK) is kept
    journal.append([], at_ms=0, open_state=b"")
    journal.close()
    book.change("manual_add", contract="acme", start_ms=parse_iso("2026-11-25T10:00Z"), slots=1, memo="")
    assert book.week("acme", WEEK) is not kept


def test_what_is_foreseen_is_what_comes(book):
    book.change("contract_add", contract="acme", terms=TERMS)
    book.change("manual_add", contract="acme", start_ms=parse_iso("2026-11-25T10:00Z"), slots=3, memo="on the phone")
    first = book.week("acme", WEEK).segments[0].id
    foreseen = book.foresee("acme", WEEK, [first], keep_time=False).statement
    assert book.week("acme", WEEK).statement.billable_seconds == 1800
    assert foreseen.billable_seconds == 1200
    book.change("delete", segments=[first], keep_time=False)
    assert book.week("acme", WEEK).statement == foreseen


def test_days_with_entries_are_known_without_folding(book):
    assert not book.logged(range(10))
    book.change("contract_add", contract="acme", terms=TERMS)
    book.change("manual_add", contract="acme", start_ms=parse_iso("2026-11-25T10:00Z"), slots=2, memo="")
    slot = slot_of(parse_iso("2026-11-25T10:00Z"))
    assert set(book.logged(range(slot - 144, slot + 144))) == {slot, slot + 1}


def test_an_export_of_the_book_verifies(book):
    book.change("contract_add", contract="acme", terms=TERMS)
    book.change("manual_add", contract="acme", start_ms=parse_iso("2026-11-25T10:00Z"), slots=2, memo="")
    assert verify(book.export("acme", WEEK, images=False), book.rules).exit_code == 0


def test_a_tracker_that_ends_before_it_answers_loses_no_change(book, home):
    book.change("contract_add", contract="acme", terms=TERMS)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as ending:
        ending.bind(str(home.socket))
        ending.listen()

        def end():
            ending.accept()[0].close()
            home.socket.unlink()

        thread = threading.Thread(target=end)
        thread.start()
        book.change("manual_add", contract="acme", start_ms=parse_iso("2026-11-25T10:00Z"), slots=1, memo="kept")
        thread.join()
    assert [one.memo for one in book.week("acme", WEEK).segments] == ["kept"]
