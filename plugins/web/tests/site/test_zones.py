"""Days on a local clock: some have 23 or 25 hours, and in some places no slot begins at a full hour."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from workdiary.slots import parse_iso, slot_of
from workdiary_web.site.models.rows import rows
from workdiary_web.site.models.zones import Clock, day_label, is_zone
from workdiary_web.site.preferences import Preferences


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 11, 23), 24),
        ("Asia/Kathmandu", date(2026, 10, 25), 24),
        ("UTC", date(2026, 10, 25), 24),
    ],
)
def test_a_day_has_the_slots_of_its_hours(zone, day, hours):
    assert len(Clock.of(zone).slots(day)) == hours * 6


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"])
def test_every_slot_belongs_to_exactly_one_day(zone):
    clock = Clock.of(zone)
    days = [clock.slots(date(2026, 10, day)) for day in range(20, 32)]
    assert all(before.stop == after.start for before, after in pairwise(days))
    assert all(clock.day_of_slot(slot) == date(2026, 10, 20) for slot in days[0])


def shown(zone, day, filled):
    clock = Clock.of(zone)
    slots = clock.slots(day)
    cards = {slot: [Card] for slot in slots} if filled else {}
    return rows(slots, cards, (), clock, 0)


class Card:
    state, contract, memo, tracked_seconds = "tracked", "acme", "", 600


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset():
    found = shown("Europe/Berlin", date(2026, 10, 25), filled=True)
    assert len(found) == 25
    assert [(row.label, row.note) for row in found[1:5]] == [
        ("01:00", ""),
        ("02:00", "UTC+02:00"),
        ("02:00", "UTC+01:00"),
        ("03:00", ""),
    ]
    assert all(len(row.cells) == 6 for row in found)


def test_slots_that_straddle_local_hours_stand_in_the_hour_in_which_they_begin():
    found = shown("Asia/Kathmandu", date(2026, 10, 25), filled=True)
    clock = Clock.of("Asia/Kathmandu")
    assert len(found) == 24
    assert [clock.time(cell.start_ms) for cell in found[9].cells] == [
        "09:05", "09:15", "09:25", "09:35", "09:45", "09:55",
    ]  # fmt: skip
    assert found[9].label == "09:00"
    assert found[0].cells[0].slot == slot_of(parse_iso("2026-10-24T18:20Z"))


def test_half_an_hour_that_is_moved_makes_a_row_of_three():
    found = shown("Australia/Lord_Howe", date(2026, 4, 5), filled=True)
    assert sum(len(row.cells) for row in found) == 147
    assert 3 in {len(row.cells) for row in found}


def test_a_day_without_anything_has_no_rows():
    assert shown("Europe/Berlin", date(2026, 10, 25), filled=False) == ()


def test_times_are_written_in_12_or_24_hours():
    at = parse_iso("2026-11-23T12:05:09Z")
    assert Clock.of("UTC").time(at, seconds=True) == "12:05:09"
    assert Clock.of("UTC", twelve=True).time(at) == "12:05 pm"
    assert Clock.of("UTC", twelve=True).time(at - 12 * 3_600_000) == "12:05 am"
    assert Clock.of("Asia/Kathmandu").offset(at) == "UTC+05:45"
    assert Clock.of("America/St_Johns").offset(at) == "UTC-03:30"
    assert day_label(date(2026, 11, 3)) == "Tue 3 Nov 2026"


def test_choices_that_make_no_sense_change_nothing():
    wanted = Preferences().changed({"zone": "mars", "theme": "pink", "clock": "12", "client_zone": "../../etc/passwd"})
    assert wanted == Preferences(clock="12")
    assert not is_zone("../../etc/passwd")


def test_the_clients_zone_is_used_only_when_it_is_known():
    assert Preferences(zone="client").zone_name("Europe/Berlin") == "Europe/Berlin"
    assert Preferences(zone="client", client_zone="Asia/Tokyo").zone_name("Europe/Berlin") == "Asia/Tokyo"
    assert Preferences(zone="utc").zone_name("Europe/Berlin") == "UTC"
