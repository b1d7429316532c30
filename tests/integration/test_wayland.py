"""A day on Wayland, through the whole tracker: what is known, and what is unknown and why."""

from __future__ import annotations

import time

import pytest

from workdiary.testing.wayland import WaylandDesktop


@pytest.fixture
def desktop():
    with WaylandDesktop() as found:
        yield found


@pytest.fixture
def cli(desktop, make_cli, soon):
    found = make_cli({**desktop.env(), "PYTHONPATH": soon})
    found("contract", "add", "acme", "--rate", "60", "--currency", "EUR")
    found("config", "set", "plugins.disabled", '["notify", "tray"]')
    return found


def test_window_activity_and_picture_are_recorded_and_counts_are_unknown(desktop, cli):
    desktop.open_window("Aside", "Mail", colour="c0a080")
    desktop.open_window("Chapter 1", "Editor")
    cli.run("acme")
    for _ in range(30):
        desktop.key("a")
        time.sleep(0.1)
    cli.wait_for(lambda: "images" in (cli.json("status")["open_segment"]["snapshot"] or {}))
    cli("stop")
    (segment, *_) = cli.json("diary")["segments"]
    assert (segment["window"]["app"], segment["window"]["title"]) == ("Editor", "Chapter 1")
    assert segment["snapshot"]["images"][0]["width"] == 1280
    assert segment["unknown"].keys() == {"keys", "clicks", "scrolls"}
    assert sum(minute["active_seconds"] for minute in segment["minutes"]) >= 2


def test_doctor_is_content_with_the_plugins_that_are_here(desktop, cli):
    found = {one["name"]: one for one in cli.json("doctor", code=1)["checks"]}
    assert found["active window"]["detail"] == "measured by wayland just now"
    assert found["Wayland picture"]["ok"]
    assert found["x11"]["detail"].startswith("not used here: no X display")
    assert [name for name, one in found.items() if not one["ok"]] == ["notices", "input counts"]


def test_a_compositor_that_restarts_costs_unknown_readings_and_no_second(desktop, cli):
    desktop.open_window("Before", "Editor")
    cli.run("acme")
    cli.wait_for(lambda: cli.json("status")["open_segment"])
    began = cli.json("status")["today_seconds"]
    desktop.kill_compositor()
    time.sleep(3)
    desktop.start_compositor()
    desktop.open_window("After", "Editor")
    cli.wait_for(lambda: cli.json("status")["today_seconds"] >= began + 6)
    cli("stop")
    day = cli.json("diary")
    assert not day["gaps"]
