from __future__ import annotations

import threading
import time

import pytest

from workdiary.delivery import queue
from workdiary.errors import UsageError
from workdiary.journal import schema
from workdiary.uploader import TransientError


def test_everything_arrives_exactly_once_and_in_order(house):
    house.note(*map(str, range(600)))
    backend = house.Recorder()
    delivery = house.deliver_to(backend)
    house.settled(delivery)
    house.note("later")
    delivery.poke()
    house.until(lambda: len(backend.items) == 602)
    assert backend.numbers == house.all_numbers()
    assert backend.deliveries == 4  # 256, 256, the rest, the later one


def test_a_batch_is_no_larger_than_a_mebibyte(house):
    house.note(*["x" * 60_000] * 40)
    sizes = []
    backend = house.Recorder(
        before=lambda items: sizes.append(sum(len(one.openings.get("memo", ((), b""))[1]) for one in items))
    )
    house.settled(house.deliver_to(backend))
    assert max(sizes) <= 1 << 20
    assert len(sizes) == 3
    assert backend.numbers == house.all_numbers()


@pytest.mark.parametrize("error", [TransientError("off"), ValueError("a title"), SystemExit(3), MemoryError()])
def test_a_failure_of_any_kind_loses_nothing(house, error):
    house.note("a", "b")
    backend = house.Recorder([error] * 5)
    house.settled(house.deliver_to(backend))
    assert backend.numbers == house.all_numbers()


def test_the_loss_check_sees_a_backend_that_loses_something(house):
    """Positive control of the comparison that the other tests rest on."""
    house.note("a", "b", "c")
    backend = house.Recorder()
    house.settled(house.deliver_to(backend))
    del backend.items[2]
    assert backend.numbers != house.all_numbers()


def test_the_message_of_a_strange_error_is_not_shown_but_its_type_is(house):
    house.note("a")
    delivery = house.deliver_to(house.Recorder([ValueError("a private title")] * 1000000))
    shown = house.until(lambda: (one := house.view(delivery))["state"] == "retrying" and one)
    assert shown["reason"] == "the backend failed (ValueError)"
    assert shown["next_try_at"] >= house.start


def test_one_poisonous_entry_among_a_hundred_is_set_aside_and_the_rest_goes_on(house):
    house.note(*map(str, range(100)))
    backend = house.Recorder(rejects=[50])
    shown = house.settled(house.deliver_to(backend))
    assert backend.numbers == [number for number in house.all_numbers() if number != 50]
    assert shown["quarantined"] == 1


def test_what_was_refused_is_offered_again_on_request_and_nothing_else_is(house):
    house.note(*map(str, range(9)))
    backend = house.Recorder(rejects=[3, 5])
    delivery = house.deliver_to(backend)
    house.settled(delivery)
    backend._rejects = frozenset([5])
    delivery.retry("flaky")
    house.until(lambda: 3 in backend.numbers)
    assert house.until(lambda: house.view(delivery)["quarantined"] == 1)
    assert sorted(backend.numbers) == [number for number in house.all_numbers() if number != 5]
    with pytest.raises(UsageError, match="known: flaky"):
        delivery.retry("nosuch")


def test_a_request_during_a_delivery_loses_nothing(house):
    house.note("a")
    backend = house.Recorder(rejects=[2])
    delivery = house.deliver_to(backend)
    house.settled(delivery)

    def ask(items):
        connection = schema.connect(house.journal.path)
        queue.retry(connection, "flaky")
        connection.close()
        backend._rejects, backend.before = frozenset(), lambda _: None

    backend.before = ask
    house.note("b")
    delivery.poke()
    house.until(lambda: sorted(backend.numbers) == house.all_numbers())


def test_a_backend_that_hangs_holds_up_nobody_and_not_the_end(house):
    house.note("a")
    gate = threading.Event()
    hanging = house.Recorder(before=lambda _: gate.wait(10), name="hanging")
    other = house.Recorder()
    delivery = house.deliver_to(hanging, other)
    house.settled(delivery)
    assert house.view(delivery, "hanging")["state"] == "sending"
    begun = time.monotonic()
    delivery.stop(0.1)
    assert time.monotonic() - begun < 1
    gate.set()
    house.until(lambda: hanging.closed)


def test_when_the_answer_is_lost_the_entries_come_again_and_change_nothing(house):
    class AnswerLost(house.Recorder):
        def deliver(self, items):
            answers = super().deliver(items)
            if len(self.items) < 6:
                raise TransientError("connection reset")
            return answers

    house.note("a", "b")
    backend = AnswerLost()
    house.settled(house.deliver_to(backend))
    assert backend.numbers == house.all_numbers() * 2
    assert len(backend.kept) == 3
