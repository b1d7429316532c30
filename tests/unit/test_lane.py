import gc
import signal
import sys
import threading
import time
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workdiary.plugins.backoff import Backoff
from workdiary.plugins.lane import Failure, ThreadLane


@pytest.fixture
def lane():
    gate = threading.Event()
    functions = {
        "echo": lambda argument: argument,
        "slow": lambda _: gate.wait(5),
        "raise": lambda _: (_ for _ in ()).throw(OSError("a secret title")),
        "exit": lambda _: sys.exit(1),
        "who": lambda _: threading.get_ident(),
    }
    lane = ThreadLane("test", functions, None)
    lane.gate = gate
    yield lane
    gate.set()
    lane.close(1)


def test_all_calls_run_on_one_thread_that_is_not_the_callers(lane):
    assert {lane.call("who", None, 1) for _ in range(3)} != {threading.get_ident()}
    assert len({lane.call("who", None, 1) for _ in range(3)}) == 1


def test_a_failure_tells_the_type_of_the_error_only(lane):
    assert lane.call("raise", None, 1).what == "OSError"


def test_exit_in_a_plugin_ends_nothing(lane):
    assert lane.call("exit", None, 1).what == "SystemExit"
    assert lane.call("echo", 1, 1) == 1


def test_an_overrunning_call_sits_out_until_it_returns_and_its_late_answer_is_dropped(lane):
    assert lane.call("slow", None, 0.01) == Failure("took longer than 0.01 s")
    began = time.monotonic()
    assert lane.call("echo", 2, 1).sat_out
    assert time.monotonic() - began < 0.5
    lane.gate.set()
    for _ in range(100):
        answer = lane.call("echo", 3, 1)
        if answer == 3:
            break
        time.sleep(0.01)
    assert answer == 3


def test_two_callers_take_turns(lane):
    answers = []
    callers = [
        threading.Thread(target=lambda n=n: answers.extend(lane.call("echo", n, 5) for _ in range(50)))
        for n in range(4)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(answers) == [0] * 50 + [1] * 50 + [2] * 50 + [3] * 50


def test_nothing_of_a_call_stays_in_memory(lane):
    class Pixels:
        pass

    pixels = Pixels()
    seen = weakref.ref(pixels)
    lane.call("echo", pixels, 1)
    del pixels
    for _ in range(100):
        gc.collect()
        if seen() is None:
            break
        time.sleep(0.01)
    assert seen() is None


def test_an_interrupt_while_waiting_for_a_plugin_reaches_the_program(lane):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in a shell's background ignores it
    threading.Timer(0.05, signal.pthread_kill, (threading.get_ident(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        lane.call("slow", None, 5)
    assert time.monotonic() - began < 2


def test_a_closed_lane_leaves_no_thread(lane):
    lane.call("echo", 1, 1)
    lane.close(1)
    lane.close(1)
    assert "plugin-test" not in [thread.name for thread in threading.enumerate()]


def test_a_hung_plugin_does_not_hold_up_closing(lane):
    lane.call("slow", None, 0.01)
    began = time.monotonic()
    lane.close(0.05)
    assert time.monotonic() - began < 1


@given(st.lists(st.booleans(), max_size=60))
def test_a_rest_follows_the_third_failure_in_a_row_and_never_exceeds_ten_minutes(results):
    backoff, now, row = Backoff(3), 0.0, 0
    for good in results:
        if good:
            backoff.succeed()
            row = 0
        else:
            row += 1
            assert backoff.fail(now) == (row >= 3)
        left = backoff.left(now)
        assert (left > 0) == (row >= 3)
        assert left <= min(600, 5 * 2 ** max(0, row - 3))
        now += max(left, 0)
