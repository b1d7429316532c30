from __future__ import annotations

import importlib.metadata
import io
import os
import struct
import subprocess
import time
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from workdiary.diary.model import Segment
from workdiary.payloads import (
    Action,
    Cause,
    Event,
    EventKind,
    Frame,
    InputCounts,
    Notice,
    NoticeKind,
    Occasion,
    Period,
    Rect,
    Shown,
    Slot,
    Snapshot,
    Tick,
    Unknown,
    Verdict,
    Window,
)
from workdiary.testing import NotifierContract, PluginContract, PolicyContract, RedactorContract
from workdiary.testing.outsiders import Outsiders

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS / "examples"
TICK = Tick(wall_ms=1_800_000_000_000, mono_ms=0, slot=3_000_000)
KEY_A, BTN_LEFT, REL_WHEEL = 30, 0x110, 8


@pytest.fixture
def install(tmp_path, monkeypatch):
    place = Outsiders(tmp_path, monkeypatch)

    def load(name: str, settings: str = ""):
        plugin = name.replace("_", "-")
        place.add(plugin, (EXAMPLES / f"{name}.py").read_text(encoding="utf-8"))
        host = place.load(settings)
        (status,) = [one for one in host.status() if one.name == plugin]
        assert status.state == "idle", status.reason
        return host

    load.home = place.home
    yield load
    place.close()


def until(seen):
    end = time.monotonic() + 5
    while not seen() and time.monotonic() < end:
        time.sleep(0.01)
    return seen()


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_stands_in_exactly_one_guide_word_for_word(path):
    block = f"```python\n{path.read_text(encoding='utf-8')}```\n"
    pages = [page.name for page in DOCS.glob("how-to/*.md") if block in page.read_text(encoding="utf-8")]
    assert len(pages) == 1, f"paste docs/examples/{path.name} into its guide"


def test_the_console_source_counts_what_the_device_says_and_knows_when_it_is_gone(install, tmp_path):
    device = tmp_path / "event0"
    os.mkfifo(device)
    writer = os.open(device, os.O_RDWR)
    host = install("console_source", f'[plugins.console-source]\ndevice = "{device}"\n')
    first = host.count_input(TICK)
    assert (first.plugin, first.value.keys) == ("console-source", 0)

    for kind, code, value in [(1, KEY_A, 1), (1, KEY_A, 2), (1, KEY_A, 0), (1, BTN_LEFT, 1), (2, REL_WHEEL, -1)]:
        os.write(writer, struct.pack("llHHi", 0, 0, kind, code, value))
    assert until(lambda: host.count_input(TICK).value.scrolls == 1)
    counted = host.count_input(TICK).value
    assert counted == InputCounts(since=counted.since, keys=1, clicks=1, scrolls=1)
    present = host.presence(TICK)
    assert 0 <= present.active_ms.value <= 1000 + present.idle_ms.value
    assert isinstance(present.locked.value, Unknown)

    only_reader = os.open(device, os.O_WRONLY)  # so that closing both ends the file for the reader
    os.close(writer)
    os.close(only_reader)
    assert until(lambda: isinstance(host.count_input(TICK).value, Unknown))
    assert "unplugged" in host.count_input(TICK).value.reason


def test_a_source_without_its_device_is_left_out_with_the_reason(install, tmp_path):
    host = install("console_source", f'[plugins.console-source]\ndevice = "{tmp_path / "none"}"\n')
    assert "did not start: FileNotFoundError" in host.count_input(TICK).value.reason


def test_cover_top_fills_the_bar_and_hides_addresses(install):
    host = install("cover_top", "[plugins.cover-top]\nheight = 2\n")
    frame = Frame(rect=Rect(x=0, y=0, width=4, height=8), width=8, height=16, pixels=b"\xff" * 8 * 16 * 4)
    seen = Snapshot(
        occasion=Occasion(cause=Cause.DERIVED, wall_ms=0, contract="acme"),
        window=Window(app="Mail", title="To jane@example.org"),
        frames=(frame,),
    )
    safe = host.redact(seen)
    assert safe.window.title == "To [address]"
    assert safe.frames[0].pixels == bytes(4 * 8 * 4) + b"\xff" * 12 * 8 * 4


def test_lunch_break_denies_by_the_local_hour_and_adds_moments_to_whole_slots_only(install):
    host = install("lunch_break", "[plugins.lunch-break]\nbegin = 12\nend = 13\n")

    def at(hour):
        wall_ms = int(datetime(2026, 11, 23, hour, 30).timestamp() * 1000)  # noqa: DTZ001  # local time is meant
        return host.decide_snapshot(Occasion(cause=Cause.DERIVED, wall_ms=wall_ms, contract="acme"))

    assert (at(12).verdict, at(12).reason) == (Verdict.DENY, "lunch break")
    assert at(13).verdict is Verdict.TAKE
    slot = {"number": 3_000_000, "derived_offset": 590, "contract": "acme"}
    assert len(host.plan_moments(Slot(from_offset=0, **slot))) == 1
    assert host.plan_moments(Slot(from_offset=1, **slot)) == ()


def segment(**values):
    common = {"id": "3f9a-acme-4", "device": "3f9a", "contract": "acme", "seq": 4, "slot": 2_965_000}
    return Segment(**common, source="tracked", recorded_at=0, billed_week=0, **values)


def test_started_minutes_rounds_up_and_memo_only_wants_a_memo(install):
    host = install("started_minutes")
    (billing,) = [rule for rule in host.billing_rules() if rule.name == "started-minutes"]
    (protection,) = [rule for rule in host.protection_rules() if rule.name == "memo-only"]
    assert [billing.seconds(segment(tracked_seconds=n)) for n in (0, 1, 60, 61, 600)] == [0, 60, 60, 120, 600]
    assert protection.failures(segment(memo="docs")) == ()
    assert protection.failures(segment(memo=" ")) == ("no memo: add one before the week locks",)


def test_timeclock_writes_the_intervals_that_count(install):
    (exporter,) = [one for one in install("timeclock").exporters() if one.name == "timeclock"]
    file = io.BytesIO()
    one = segment(intervals=((0, 60_000),), memo="docs\nagain", tracked_seconds=60)
    gone = segment(intervals=((0, 60_000),), deleted=True)
    exporter.write(SimpleNamespace(week=SimpleNamespace(segments=(one, gone))), file)
    lines = file.getvalue().decode().splitlines()
    assert lines == ["i 2026-05-17 06:40:00 acme  docs again", "o 2026-05-17 06:41:00"]


def test_commits_shows_the_commits_of_a_day(install, tmp_path, monkeypatch):
    run = partial(subprocess.run, check=True, capture_output=True)
    run(["git", "init", tmp_path])
    who = {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x", "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x"}
    when = {"GIT_COMMITTER_DATE": "2026-11-23T10:00:00Z"}
    for text in ("Count a held key once", ""):
        command = ["git", "-C", tmp_path, "commit", "--allow-empty", "--allow-empty-message", "-m", text]
        run(command, env={**os.environ, **who, **when})
    host = install("commits", f'[plugins.commits]\nrepository = "{tmp_path}"\n')
    day = Period(start_ms=1_795_392_000_000, end_ms=1_795_478_400_000)
    (lane,) = [one for one in host.lanes(day) if one.name == "commits"]
    assert [one.text for one in lane.spans] == ["no message", "Count a held key once"]
    assert lane.spans[0].start_ms == 1_795_428_000_000
    (empty,) = host.lanes(Period(start_ms=0, end_ms=86_400_000))
    assert empty.spans == ()


def test_room_adds_a_command_and_a_check(install, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKDIARY_HOME", str(tmp_path / "home"))
    host = install("room")
    (command,) = [one for one in host.commands() if one.name == "room"]
    assert CliRunner().invoke(command, ["--years", "0"]).exit_code == 0
    assert CliRunner().invoke(command, ["--years", "999999999"]).exit_code == 1
    (check,) = [one for one in host.checks() if one.name == "room for a year"]
    assert check.detail.endswith("MB free")


def test_bell_writes_a_line_and_says_why_it_cannot(install, tmp_path):
    terminal = tmp_path / "tty"
    terminal.touch()
    host = install("bell", f'[plugins.bell]\nterminal = "{terminal}"\n')
    delete = Action(label="Delete", command="discard")
    notice = Notice(kind=NoticeKind.SNAPSHOT, wall_ms=0, title="Screenshot taken", text="It stays.", actions=(delete,))
    assert (host.notify(notice).plugin, host.notify(notice).value) == ("bell", Shown())
    assert terminal.read_text().splitlines()[0].endswith("It stays. To delete it: workdiary delete open")
    terminal.unlink()
    terminal.mkdir()
    assert "bell: the terminal cannot be written: Is a directory" in host.notify(notice).value.reason


def test_status_line_follows_the_tracker(install):
    host = install("status_line")
    host.observe(Event(kind=EventKind.STARTED, wall_ms=0, contract="acme", text="tracking acme"))
    line = install.home.plugin_state("status-line") / "line"
    assert line.read_text() == "tracking acme\n"
    host.observe(Event(kind=EventKind.SNAPSHOT_TAKEN, wall_ms=0, contract="acme"))
    host.observe(Event(kind=EventKind.STOPPED, wall_ms=0))
    assert line.read_text() == "stopped\n"


class Outside:
    """An example as an installed plugin, for the conformance kit."""

    example = ""

    @pytest.fixture
    def entry_point(self, tmp_path, monkeypatch):
        place = Outsiders(tmp_path, monkeypatch)
        found = place._entry_points
        monkeypatch.setattr(importlib.metadata, "entry_points", lambda group, **by: found(group=group).select(**by))
        name = self.example.replace("_", "-")
        place.add(name, (EXAMPLES / f"{self.example}.py").read_text(encoding="utf-8"))
        yield name
        place.close()


class TestCoverTopKeepsThePromises(Outside, PluginContract, RedactorContract):
    example = "cover_top"

    @pytest.fixture
    def secret(self, snapshot):
        seen = replace(snapshot, window=Window(app="Mail", title="To jane@example.org"))
        return seen, (Rect(x=0, y=0, width=320, height=32),), ("jane@example.org",)


class TestLunchBreakKeepsThePromises(Outside, PluginContract, PolicyContract):
    example = "lunch_break"


class TestBellKeepsThePromises(Outside, PluginContract, NotifierContract):
    example = "bell"


class TestTheConsoleSourceKeepsThePromises(Outside, PluginContract):
    example = "console_source"
