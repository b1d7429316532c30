"""Scripted input of known counts gives exactly those counts, through the whole tracker."""

from __future__ import annotations

import time

import pytest

OTHERS = {"x11": "pynput", "pynput": "x11"}


@pytest.fixture(params=["x11", "pynput"])
def meter(request, cli):
    pytest.importorskip(f"workdiary_{request.param}")
    cli("config", "set", "plugins.disabled", f'["{OTHERS[request.param]}"]')
    return request.param


def minutes(segments):
    return [minute for one in segments for minute in one["minutes"]]


def total(segments, field):
    values = [minute[field] for minute in minutes(segments) if minute["seconds"] or minute[field]]
    return None if None in values else sum(values)


def away_from_the_minutes_end() -> None:
    """Counts are per minute: a press within milliseconds of its end may fall on either side."""
    if time.time() % 60 > 45:
        time.sleep(61 - time.time() % 60)


def test_known_input_gives_exactly_these_counts_in_its_minute(desktop, cli, meter):
    away_from_the_minutes_end()
    desktop.open_window("work", "Work")
    cli.run("acme")
    cli.wait_for(lambda: cli.json("status")["open_segment"])
    minute = int(time.time() // 60) % 10
    desktop.key("a", "ctrl+shift+b", "Return")  # 1 + 3 + 1 presses
    desktop.type("Hello")  # 5 and one shift
    desktop.key_down("x")
    time.sleep(1.2)  # auto-repeat sets in after 0.66 s
    desktop.key_up("x")
    for button, repeat in ((1, 2), (2, 1), (3, 1), (8, 1), (9, 1), (4, 3), (5, 2), (6, 1), (7, 1)):
        desktop.click(button, repeat)
    for x in range(40):
        desktop.move(100 + x, 200)
    expected = {"keys": 12, "clicks": 6, "scrolls": 7}
    cli.wait_for(lambda: (cli.json("status")["open_segment"] or {}).get("scrolls") == expected["scrolls"])
    told = cli.json("status")["readings"]
    assert {told[field]["source"] for field in expected} == {meter}
    assert f"Measured by {meter}" in cli("status")
    cli("stop")
    segments = cli.json("diary")["segments"]
    assert {one["plugin"] for one in segments[-1]["sources"]["keys"]} == {meter}
    assert {field: total(segments, field) for field in expected} == expected
    assert [one for one in segments if one["unknown"].keys() & expected.keys()] == []
    in_minute = segments[-1]["minutes"][minute]
    assert {field: in_minute[field] for field in expected} == expected


def test_motion_alone_counts_nothing_and_is_still_activity(desktop, cli, meter):
    away_from_the_minutes_end()
    cli.run("acme")
    cli.wait_for(lambda: cli.json("status")["open_segment"])
    for x in range(100):
        desktop.move(100 + x, 300)
    time.sleep(1.5)
    cli("stop")
    segments = cli.json("diary")["segments"]
    assert {field: total(segments, field) for field in ("keys", "clicks", "scrolls")} == dict.fromkeys(
        ("keys", "clicks", "scrolls"), 0
    )
    if meter == "x11":
        assert total(segments, "active_seconds") > 0


def test_what_happens_in_a_pause_is_not_counted(desktop, cli, meter):
    cli.run("acme")
    cli.wait_for(lambda: cli.json("status")["open_segment"])
    desktop.key("a")
    cli.wait_for(lambda: cli.json("status")["open_segment"]["keys"] == 1)
    cli("pause")
    desktop.key("b", "c")
    cli("resume")
    desktop.key("d")
    cli.wait_for(lambda: cli.json("status")["open_segment"]["keys"] == 2)
    cli("stop")
    diary = cli.json("diary")
    assert total(diary["segments"], "keys") == 2
    assert [gap["reason"] for gap in diary["gaps"]] == ["paused"]
