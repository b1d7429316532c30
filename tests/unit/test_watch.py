"""People are told in time, and once: of the weekly limit, and of plugins that change their state."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from workdiary.builtin.rules import RULES
from workdiary.diary.terms import Terms
from workdiary.journal import entry as kinds
from workdiary.journal.keys import KeyStore
from workdiary.journal.store import Draft, Journal
from workdiary.payloads import EventKind
from workdiary.plugins.status import PluginStatus
from workdiary.slots import slot_start_ms, week_slots
from workdiary.tracker.watch import Watch

FIRST = week_slots(2900).start


@pytest.fixture
def journal(tmp_path):
    found = Journal(tmp_path / "journal.sqlite", KeyStore(tmp_path, keyring=False).load())
    yield found
    found.close()


def add(journal, limit, slots):
    terms = Terms(title="c", rate=6000, currency="EUR", weekly_limit=limit).to_entry()
    drafts = [Draft(contract="c", type=kinds.Terms, values={"terms": terms})]
    drafts += [
        Draft(
            contract="c",
            type=kinds.Segment,
            values={"session": "s", "slot": FIRST + n, "intervals": [(0, 600_000)], "moments": []},
            openings={"memo": "m"},
        )
        for n in range(slots)
    ]
    journal.append(drafts, at_ms=slot_start_ms(FIRST))


def told(journal, times=2):
    events = []
    watch = Watch(SimpleNamespace(status=list), RULES, lambda kind, text: events.append((kind, text)))
    for _ in range(times):
        watch.limit(journal.connection, "c", slot_start_ms(FIRST + 100))
    return events


def test_nine_tenths_of_the_limit_are_told_once_with_what_is_left(journal):
    add(journal, 6000, 9)
    assert told(journal) == [(EventKind.LIMIT_NEAR, "10 minutes are left until the weekly limit")]


def test_the_limit_itself_is_told_once(journal):
    add(journal, 6000, 10)
    assert [kind for kind, _ in told(journal)] == [EventKind.LIMIT_REACHED]


@pytest.mark.parametrize(("limit", "slots"), [(None, 100), (6000, 8)])
def test_below_the_limit_or_without_one_nothing_is_told(journal, limit, slots):
    add(journal, limit, slots)
    assert told(journal) == []


def test_a_plugin_that_rests_is_told_once_and_a_first_start_is_not():
    states = iter(["idle", "running", "resting", "resting", "running"])
    events = []
    plugins = SimpleNamespace(status=lambda: [PluginStatus(name="x11", state=state, reason="it failed")])
    watch = Watch(plugins, RULES, lambda kind, text: events.append((kind, text)))
    for state in states:
        plugins.status = lambda state=state: [PluginStatus(name="x11", state=state, reason="it failed")]
        watch.plugins()
    assert [text for _, text in events] == ["plugin x11 is resting: it failed", "plugin x11 is running: it failed"]
