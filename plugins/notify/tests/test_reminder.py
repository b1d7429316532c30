"""Typing for ten minutes while nothing is tracked is worth a word, and only that."""

from __future__ import annotations

import importlib.metadata
import threading

from workdiary.paths import Home
from workdiary.payloads import NoticeKind, Presence, Unknown
from workdiary.plugins.manager import Answer
from workdiary_notify import reminder as reminder_module
from workdiary_notify.reminder import Reminder


def at(minute, active_ms, since="run", locked=False):
    return Presence(since=since, active_ms=active_ms, idle_ms=0, locked=locked), minute * 60_000


def feed(reminder, minutes, step=1000, begin=0):
    return [reminder.minute(*at(begin + n, (begin + n) * step)) for n in range(minutes)]


def test_ten_active_minutes_in_a_row_are_told_of_once_an_hour():
    told = [n for n, notice in enumerate(feed(Reminder(), 130)) if notice]
    assert told == [10, 70]


def test_the_notice_names_the_command():
    notice = feed(Reminder(), 11)[-1]
    assert notice.kind is NoticeKind.NOT_TRACKING
    assert "workdiary start" in notice.text


def test_an_idle_minute_begins_the_count_anew():
    reminder = Reminder()
    feed(reminder, 9)
    reminder.minute(*at(9, 8 * 1000))  # no more than the minute before
    assert not any(feed(reminder, 9, begin=10))


def test_what_cannot_be_measured_or_is_locked_reminds_of_nothing():
    blind = Unknown(reason="no timer")
    assert not any(Reminder().minute(blind, n * 60_000) for n in range(30))
    reminder = Reminder()
    assert not any(reminder.minute(*at(n, n * 1000, locked=True)) for n in range(30))
    assert not any(reminder.minute(*at(n, blind)) for n in range(30))


def test_a_restarted_odometer_is_no_activity():
    reminder = Reminder()
    assert not any(reminder.minute(*at(n, 1000 * n, since=str(n))) for n in range(30))


def test_a_tracker_that_runs_begins_the_count_anew():
    reminder = Reminder()
    feed(reminder, 10)
    reminder.tracking()
    assert not any(feed(reminder, 10, begin=10))


def test_the_tray_asks_once_a_minute_and_is_never_held_up(tmp_path, monkeypatch):
    home = Home.find({"WORKDIARY_HOME": str(tmp_path)})
    minutes = iter(range(100))
    done = threading.Event()

    class Host:
        def presence(self, _tick):
            minute = next(minutes)
            monkeypatch.setattr(reminder_module.time, "time_ns", lambda: minute * 60_000_000_000)
            done.set()
            return Answer(plugin="x11", value=at(minute, minute * 1000)[0])

    monkeypatch.setitem(reminder_module._hosts, str(home.config_file), Host())
    (entry,) = importlib.metadata.entry_points(group="workdiary.tray", name="while_stopped")
    ask = entry.load()(home)
    told = []
    for _ in range(13):
        done.clear()
        told.append(ask())
        assert done.wait(2)
        for thread in threading.enumerate():
            if thread.name == "notify-presence":
                thread.join()
    assert [n for n, text in enumerate(told) if text] == [11]
    assert told[11].startswith("Nothing is being tracked. You have been at work for 10 minutes.")
