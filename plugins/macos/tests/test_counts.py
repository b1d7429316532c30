"""Counts by the window server's counters, as Apple's CGEventSource.h describes them."""

from __future__ import annotations

import pytest

import workdiary_macos
from workdiary.payloads import Tick, Unknown
from workdiary_macos.counts import NOTHING_COUNTED, SCROLLS, SECURED

#: As CGEventTypes.h has them.
KEY_DOWN, FLAGS_CHANGED, LEFT, RIGHT, OTHER = 10, 12, 1, 3, 25
TICK = Tick(wall_ms=0, mono_ms=0, slot=0)


def counts():
    return workdiary_macos.workdiary_count_input(TICK)


class TestCounts:
    @pytest.fixture(autouse=True)
    def _started(self, start):
        start()

    def test_keys_and_clicks_are_the_window_servers_and_scrolls_are_unknown(self, mac):
        before = counts()
        mac.count({KEY_DOWN: 1005, LEFT: 302, RIGHT: 21, OTHER: 4})
        after = counts()
        assert (after.keys - before.keys, after.clicks - before.clicks) == (5, 4)
        assert (after.since, after.scrolls) == (before.since, SCROLLS)

    def test_a_modifier_is_one_key_although_it_is_told_at_press_and_release(self, mac):
        before = counts()
        mac.count({FLAGS_CHANGED: 206})
        assert counts().keys - before.keys == 3

    def test_secured_input_leaves_keys_unknown_and_clicks_known(self, mac):
        mac.say("secured", 1)
        assert (counts().keys, counts().clicks) == (SECURED, 323)

    def test_what_is_counted_after_secured_input_is_another_run(self, mac):
        before = counts().since
        mac.say("secured", 1)
        assert counts().since == before
        mac.say("secured", 0)
        after = counts().since
        assert before != after == counts().since

    def test_counters_that_fall_are_another_window_servers_and_another_run(self, mac):
        before = counts()
        mac.count({KEY_DOWN: 3, FLAGS_CHANGED: 0})
        assert (counts().keys, counts().since == before.since) == (3, False)

    def test_counters_that_never_moved_are_unknown_and_never_zero(self, mac):
        mac.count(dict.fromkeys((KEY_DOWN, FLAGS_CHANGED, LEFT, RIGHT, OTHER), 0))
        assert counts() == NOTHING_COUNTED
        found = workdiary_macos.workdiary_checks()[2]
        assert (found.ok, found.detail) == (False, NOTHING_COUNTED.reason)
        assert "Input Monitoring" in found.remedy


def test_secured_input_between_two_readings_is_noticed(mac, start):
    """The watching looks several times a second while somebody types."""
    mac.say("idle", 0.1)
    start()
    before = counts().since
    session = workdiary_macos.watched.watcher()._session
    mac.say("secured", 1)
    session._counts.look()
    mac.say("secured", 0)
    assert not isinstance(counts(), Unknown)
    assert counts().since != before
