"""Promises of a contract's terms."""

from __future__ import annotations

import pytest

from workdiary.diary.terms import Since, Terms, in_force
from workdiary.errors import UsageError

TERMS = Terms(title="Acme", rate=5000, currency="EUR")


def test_terms_come_back_from_their_entry_as_they_were():
    assert Terms.from_entry(TERMS.to_entry()) == TERMS


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", ""), ("type", "daily"), ("rate", -1), ("rate", "50"), ("rate", True), ("currency", "eur"),
        ("weekly_limit", -1), ("weekly_limit", 604_801), ("snapshots", "some"), ("retention_days", -1),
        ("status", "new"), ("idle_minutes", -1), ("idle_minutes", 121), ("idle_minutes", True), ("idle", "ask"),
        ("colour", "red"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_a_remedy(key, value):
    with pytest.raises(UsageError, match=key) as caught:
        Terms.from_entry({**TERMS.to_entry(), key: value})
    assert caught.value.remedy


def test_a_missing_key_is_named():
    entry = TERMS.to_entry()
    del entry["keep_time"]
    with pytest.raises(UsageError, match="keep_time"):
        Terms.from_entry(entry)


def test_the_first_terms_hold_before_they_were_written():
    later = Terms(title="Acme", rate=6000, currency="EUR")
    history = [Since(at=10, terms=TERMS), Since(at=20, terms=later)]
    assert [in_force(history, at) for at in (5, 10, 19, 20)] == [TERMS, TERMS, TERMS, later]
    assert in_force([], 5) is None
