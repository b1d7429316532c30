"""Whatever happens in whatever order: each entry is pending, refused, or kept by the backend, and once."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from workdiary.delivery import cursor, queue
from workdiary.uploader import AuthorizationError, Rejected, Stored, TransientError

MOODS = ("takes", "off", "unauthorized", "answer lost", "half", "wrong digest", "nothing", "stops halfway")


class Moody:
    """A backend that is idempotent, as the contract demands, and otherwise in the mood it is put in."""

    name = "moody"

    def __init__(self):
        self.kept, self.refuses, self.mood = {}, set(), "takes"
        self.arrivals = []

    def deliver(self, items):
        match self.mood:
            case "off":
                raise TransientError("off", retry_after=3)
            case "unauthorized":
                raise AuthorizationError("who are you")
        taken = items[: len(items) // 2] if self.mood == "stops halfway" else items
        answers = [self._take(item) for item in taken]
        match self.mood:
            case "answer lost" | "stops halfway":
                raise ConnectionResetError
            case "half":
                return answers[: len(answers) // 2]
            case "wrong digest":
                return [Stored(number=one.number, digest=b"") for one in answers]
            case "nothing":
                return []
        return answers

    def _take(self, item):
        if item.number in self.refuses:
            return Rejected(number=item.number, reason="no")
        if item.number not in self.kept:
            self.arrivals.append(item.number)
        self.kept[item.number] = item.body
        return Stored(number=item.number, digest=hashlib.sha256(item.body).digest())

    def close(self):
        pass


def machine(house):
    class Deliveries(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            run = house.journal.connection.execute
            for table in ("cursor", "quarantine", "opening", "entry", "chain"):
                run(f"DELETE FROM {table}")
            self.run, self.backend = run, Moody()
            self.worker = house.worker(self.backend)
            self.position, self.ever_refused = 0, set()

        @rule(new=st.integers(0, 4), mood=st.sampled_from(MOODS), refused=st.sets(st.integers(1, 20), max_size=2))
        def write_and_deliver(self, new, mood, refused):
            house.note(*["memo"] * new)
            self.backend.mood, self.backend.refuses = mood, refused
            self.ever_refused |= refused
            self.worker.turn()

        @rule()
        def ask_again(self):
            queue.retry(house.journal.connection, "moody")

        @rule()
        def restart(self):
            self.worker._disconnect()
            self.worker = house.worker(self.backend)

        @invariant()
        def the_cursor_never_goes_back(self):
            now = cursor.position(house.journal.connection, "moody")
            assert now >= self.position
            self.position = now

        @invariant()
        def nothing_is_lost(self):
            refused = {number for (number,) in self.run("SELECT number FROM quarantine")}
            passed = house.all_numbers()[: cursor.position(house.journal.connection, "moody")]
            assert set(passed) <= refused | set(self.backend.kept)

        @invariant()
        def nothing_is_there_twice_and_all_is_in_order(self):
            assert max(Counter(self.backend.arrivals).values(), default=1) == 1
            never_refused = [number for number in self.backend.arrivals if number not in self.ever_refused]
            assert never_refused == sorted(never_refused)

        def teardown(self):
            self.backend.mood, self.backend.refuses = "takes", set()
            self.ask_again()
            self.worker.turn()
            self.worker._disconnect()
            assert sorted(self.backend.kept) == house.all_numbers()
            (view,) = queue.queue(house.journal.connection, ["moody"])
            assert (view["pending"], view["quarantined"], view["oldest_at"]) == (0, 0, None)

    return Deliveries


SETTINGS = settings(
    max_examples=80, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def test_no_order_of_events_loses_or_doubles_anything(house):
    run_state_machine_as_test(machine(house), settings=SETTINGS)


def test_the_machine_finds_a_cursor_that_goes_too_far(house, monkeypatch):
    """Positive control."""
    settle = cursor.settle

    def too_far(connection, uploader, answered, at_ms):
        settle(connection, uploader, answered, at_ms)
        if answered:
            connection.execute("UPDATE cursor SET number = number + 1 WHERE uploader = ?", (uploader,))

    monkeypatch.setattr(cursor, "settle", too_far)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine(house), settings=SETTINGS)
