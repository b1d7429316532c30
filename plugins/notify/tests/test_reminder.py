"""Typing for ten minutes while nothing is tracked is worth a word, and only that."""

from __future__ import annotations

from workdiary.payloads import NoticeKind, Presence, Unknown
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
