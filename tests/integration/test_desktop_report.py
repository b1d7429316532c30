"""``workdiary desktop-report``, on a real desktop, with a person at a terminal who does as told or does not."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workdiary.testing.wayland import WaylandDesktop

FIELDS = {"keys", "clicks", "scrolls", "window", "active time", "idle time", "lock", "places of windows"}


PAGE = Path(__file__).parents[2] / "docs" / "reference" / "desktops.md"


def published(desktop):
    """Return who tells each field on this desktop, by the table of the docs; None: unknown."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    head = next(row for row in rows if {"X11", desktop} <= set(row))
    cells = {row[0]: row[head.index(desktop) + 1] for row in rows if row[0] in FIELDS and len(row) == len(head) + 1}
    return {name: None if cell == "unknown" else cell.partition(",")[0] for name, cell in cells.items()}


def sources(report):
    return {name: one["source"] for name, one in report["readings"].items()}


class Person:
    """Sits at a terminal in which the report is being made."""

    def __init__(self, cli, out):
        self._near, far = pty.openpty()
        command = [sys.executable, "-m", "workdiary", "desktop-report", "--out", str(out)]
        self.program = subprocess.Popen(command, env=cli.env, stdin=far, stderr=far, stdout=subprocess.PIPE)
        os.close(far)
        self._heard = ""

    def hear(self, words):
        while words not in self._heard:
            self._heard += os.read(self._near, 4096).decode()
        self._heard = self._heard.split(words, 1)[1]

    def told(self, words, answer=""):
        self.hear(words)
        os.write(self._near, (answer + "\n").encode())
        if not answer:
            self.hear("Now ...")
            time.sleep(0.3)

    def leaves(self):
        said = self.program.communicate(timeout=60)[0].decode()
        os.close(self._near)
        assert self.program.returncode == 0, said
        return said


@pytest.fixture
def report_of(cli, tmp_path):
    """Return what the report says of each step; ``act`` is what the person does."""

    def make(act):
        out = tmp_path / "report.json"
        person = Person(cli, out)
        try:
            act(person)
            person.leaves()
        finally:
            person.program.kill()
        return {one["name"]: (one["result"], one["why"]) for one in json.loads(out.read_text())["steps"]}

    return make


def test_what_a_person_does_is_seen(desktop, report_of):
    first = desktop.open_window("First", "Editor")
    second = desktop.open_window("Second", "Browser")

    def act(person):
        person.told("hold the key A")
        desktop.key_down("a")
        time.sleep(2)
        desktop.key_up("a")
        person.told("click three times")
        desktop.click(1, repeat=3)
        person.told("turn the wheel")
        desktop.click(4)
        person.told("change to another window")
        for window in (first, second):
            desktop.activate(window)
            time.sleep(1)
        person.told("touch nothing")
        person.told("lock the screen")
        for state in ("activate", "reset"):
            subprocess.run(["xset", "s", state], env=desktop.env(), check=True)
            time.sleep(1)
        person.told("have the machine sleep", "s")

    steps = report_of(act)
    assert [name for name, (result, _) in steps.items() if result == "passed"] == [
        "hold a key", "click", "scroll", "another window", "rest", "lock",
    ]  # fmt: skip
    assert steps["sleep"] == ("skipped", "by whoever was asked")


def test_what_is_done_otherwise_is_found(desktop, report_of):
    desktop.open_window("First", "Editor")

    def act(person):
        person.told("hold the key A")
        desktop.key("a", "b")
        person.told("click three times")
        desktop.click(1, repeat=2)
        for words in ("turn the wheel", "change to another window", "touch nothing", "lock the", "have the machine"):
            person.told(words, "s")

    steps = report_of(act)
    assert steps["hold a key"] == ("failed", "2 were counted, for 1")
    assert steps["click"] == ("failed", "2 were counted, for 3")


def test_the_report_has_every_field_and_neither_titles_nor_programs(desktop, cli, tmp_path):
    desktop.open_window("Canary-Title", "Canaryprogram")
    report = cli.json("desktop-report", "--yes", "--out", str(tmp_path / "report.json"))
    assert report["readings"].keys() == FIELDS
    assert all(report["readings"][name]["source"] == "x11" for name in FIELDS - {"lock"})
    assert sources(report) == published("X11")
    assert report["readings"]["lock"]["unknown"]
    assert report["picture"]["sizes"] == [[1280, 800]]
    assert {one["result"] for one in report["steps"]} == {"skipped"}
    written = [(tmp_path / name).read_text() for name in ("report.json", "report.txt")]
    assert json.loads(written[0]) == report
    assert not any("canary" in text.lower() for text in written)


def test_what_wayland_does_not_tell_is_unknown_with_the_reason(make_cli, tmp_path):
    with WaylandDesktop() as desktop:
        desktop.open_window("Chapter", "Editor")
        cli = make_cli(desktop.env())
        report = cli.json("desktop-report", "--yes", "--out", str(tmp_path / "report.json"))
    known = {name for name, one in report["readings"].items() if one["unknown"] is None}
    assert known == {"window", "active time", "idle time"}
    assert sources(report) == published("sway")
    assert "evdev" in report["readings"]["keys"]["unknown"]


def test_without_a_terminal_or_over_a_file_it_says_what_to_do(make_cli, tmp_path):
    cli = make_cli()
    assert "--yes" in cli("desktop-report", code=2)
    (tmp_path / "old.txt").write_text("mine")
    assert "exists already" in cli("desktop-report", "--yes", "--out", str(tmp_path / "old.json"), code=1)
    assert (tmp_path / "old.txt").read_text() == "mine"
    assert not (tmp_path / "old.json").exists()
    assert "nothing can be written" in cli("desktop-report", "--yes", "--out", str(tmp_path / "no" / "r.json"), code=1)
    assert "FILE.json" in cli("desktop-report", "--yes", "--out", str(tmp_path / "r.txt"), code=2)
