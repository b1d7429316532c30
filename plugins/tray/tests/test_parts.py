"""Loop, jobs, running time, reminder: each alone."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from workdiary_tray import clock, reminder
from workdiary_tray.clock import RunningTime
from workdiary_tray.jobs import Jobs
from workdiary_tray.loop import Loop


@pytest.fixture
def loop():
    return Loop()


def run_job(loop: Loop, *command: str) -> tuple[int, bytes, bytes]:
    found = []

    def then(*answer):
        found.extend(answer)
        loop.done = True

    Jobs(loop).run(command, then)
    loop.run()
    return tuple(found)


def test_a_program_is_heard_to_its_end(loop):
    code = "import sys; sys.stdout.write('x' * 200_000); sys.stderr.write('y'); sys.exit(3)"
    assert run_job(loop, sys.executable, "-c", code) == (3, b"x" * 200_000, b"y")


def test_a_program_that_leaves_another_running_has_ended_all_the_same(loop):
    begun = time.monotonic()
    assert run_job(loop, "sh", "-c", "echo started; sleep 30 & exit 0") == (0, b"started\n", b"")
    assert time.monotonic() - begun < 10


def test_a_program_that_is_not_there_is_an_answer(loop):
    code, _, err = run_job(loop, "/nonexistent/program")
    assert code == 127
    assert b"cannot be started" in err


def test_files_do_not_pile_up(loop):
    run_job(loop, "true")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        loop.done = False
        run_job(loop, "true")
    assert len(list(Path("/proc/self/fd").iterdir())) <= before  # other tests' may be closed meanwhile


def test_a_timer_rings_once_and_a_cancelled_one_never(loop):
    rung = []
    loop.later(0.01, lambda: rung.append("once"))
    loop.later(0.0, lambda: rung.append("never")).cancel()
    loop.later(0.03, lambda: setattr(loop, "done", True))
    loop.run()
    assert rung == ["once"]


def test_the_running_time_goes_on_from_what_was_measured(loop, monkeypatch):
    monkeypatch.setattr(clock, "MINUTE_S", 0.1)
    heard = []
    running = RunningTime(loop, lambda today_s, week_s, *, new_day: heard.append((today_s, week_s, new_day)))
    running.set(100, 900, runs=True)
    loop.later(0.35, lambda: setattr(loop, "done", True))
    loop.run()
    assert heard
    assert set(heard) == {(100, 900, False)}


@pytest.mark.parametrize(("today", "runs"), [(5, False), (None, True)])
def test_time_that_stands_still_or_is_not_known_wakes_nobody(loop, monkeypatch, today, runs):
    monkeypatch.setattr(clock, "MINUTE_S", 0.01)
    heard = []
    running = RunningTime(loop, lambda *_times, **_day: heard.append(1))
    running.set(1, 1, runs=True)
    running.set(today, today, runs=runs)
    loop.later(0.1, lambda: setattr(loop, "done", True))
    loop.run()
    assert heard == []


def idle_for(loop: Loop, seconds: float) -> None:
    loop.later(seconds, lambda: setattr(loop, "done", True))
    loop.run()


def test_who_works_ten_minutes_while_nothing_is_tracked_is_reminded_once(loop, monkeypatch):
    monkeypatch.setattr(reminder, "MINUTE_S", 0.01)
    said = []
    found = reminder.Reminder(loop, lambda: 500, said.append)
    found.begin()
    idle_for(loop, 0.5)
    assert len(said) == 1
    assert said[0].startswith("Nothing is being tracked. You have been at work for 10 minutes.")


def test_who_is_away_is_not_reminded(loop, monkeypatch):
    monkeypatch.setattr(reminder, "MINUTE_S", 0.01)
    found = reminder.Reminder(loop, lambda: 90_000, pytest.fail)
    found.begin()
    idle_for(loop, 0.3)


@pytest.mark.parametrize("begins", [True, False])
def test_nothing_is_loaded_while_something_is_tracked_or_nobody_can_tell(loop, monkeypatch, begins):
    monkeypatch.setattr(reminder, "MINUTE_S", 0.01)
    monkeypatch.setattr(reminder, "_load", lambda: pytest.fail("loaded"))
    found = reminder.Reminder(loop, lambda: None if begins else 5, pytest.fail)
    found.begin()
    if not begins:
        found.rest()
    idle_for(loop, 0.05)
