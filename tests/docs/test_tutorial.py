from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workdiary.testing.desktop import VirtualDesktop
from workdiary.testing.session import NotificationSession

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"(<!-- not run here[^\n]*\n)?^```(sh|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SEGMENT = re.compile(r"[0-9a-f]{4}-acme-\d+")
SLOT, ROOM = 600, 20


@pytest.fixture(scope="module")
def desktop():
    with VirtualDesktop() as one:
        one.open_window("Report", "Editor")
        yield one


@pytest.fixture(scope="module")
def session(desktop):
    with NotificationSession(desktop.env()) as one:
        yield one


@pytest.fixture
def shell(session, tmp_path):
    """Return a function that runs lines of shell as a reader of the tutorial would, and gives what they print."""
    bin_directory = tmp_path / "bin"
    bin_directory.mkdir()
    command = bin_directory / "workdiary"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m workdiary "$@"\n')
    command.chmod(0o700)
    env = {
        **session.env(),
        "WORKDIARY_HOME": str(tmp_path / "home"),
        "PATH": f"{bin_directory}{os.pathsep}{os.environ['PATH']}",
    }

    def run(lines: str) -> str:
        done = subprocess.run(
            ["sh", "-e", "-c", lines], env=env, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{lines}{done.stdout}{done.stderr}"
        return done.stdout

    yield run
    subprocess.run(["sh", "-c", "workdiary stop"], env=env, capture_output=True, timeout=60, check=False)


def wait_for_room_in_the_slot():
    left = SLOT - time.time() % SLOT
    if left < ROOM:
        time.sleep(left)


class Story:
    """The tutorial's own names of segments, and what they are called here."""

    def __init__(self, shell):
        self._shell = shell
        self._names = {}
        self._output = ""

    def run(self, lines):
        self._output = self._shell(SEGMENT.sub(lambda told: self._names[told[0]], lines))

    def expect(self, line):
        """Find a line of the output that fits, whatever stands for the dots; note how segments are called here."""
        told = SEGMENT.findall(line)
        parts = [part.strip() for part in re.split("…| {2,}", line)]
        pattern = re.sub(r"(?:\.\*)+", ".*", ".*".join(map(re.escape, parts)))
        for name in told:
            pattern = pattern.replace(re.escape(name), self._names.get(name, f"({SEGMENT.pattern})"))
        found = next(filter(None, (re.fullmatch(pattern, one.strip()) for one in self._output.splitlines())), None)
        assert found, f"the tutorial promises {line!r}; it printed\n{self._output}"
        self._names.update(zip(told, found.groups(), strict=False))


def test_the_first_week_goes_as_the_tutorial_tells_it(shell, desktop, tmp_path):
    wait_for_room_in_the_slot()
    story = Story(shell)
    skipped = 0
    for not_run, kind, text in BLOCK.findall((DOCS / "tutorial" / "first-week.md").read_text(encoding="utf-8")):
        if not_run:
            skipped += 1
        elif kind == "sh":
            story.run(text)
            if "workdiary start" in text and "workdiary stop" not in text:
                desktop.type("a draft")
                desktop.click()
                time.sleep(1.2)
        else:
            for line in text.splitlines():
                story.expect(line)
    assert skipped == 1
    assert (tmp_path / "week.zip").stat().st_size > 0
    (kept, gone) = sorted(json.loads(shell("workdiary diary --json"))["segments"], key=lambda one: "deleted" in one)
    assert (kept["keys"], kept["clicks"], kept["memo"]) == (7, 1, "first draft of the report")
    assert (gone["memo"], gone["keys"], gone["deleted"]) == (None, None, True)


def documented(command):
    page = (DOCS / "reference" / "json.md").read_text(encoding="utf-8")
    section = page.split(f"## `{command} --json`")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


def paths(value, prefix=""):
    """Yield every key in a document as the page writes it."""
    if isinstance(value, list):
        for item in value:
            yield from paths(item, prefix + "[]")
    elif isinstance(value, dict):
        for key, inner in value.items():
            name = "<field>" if prefix.rpartition(".")[2] in {"unknown", "sources"} else key
            path = f"{prefix}.{name}" if prefix else name
            yield path
            yield from paths(inner, path)


def test_json_has_the_keys_that_the_reference_lists(shell, desktop):
    wait_for_room_in_the_slot()
    shell("workdiary contract add acme --rate 50 --currency EUR\nworkdiary start acme\nsleep 1.2")
    tracking = json.loads(shell("workdiary status --json"))
    shell("workdiary pause\nsleep 0.1\nworkdiary resume\nworkdiary stop")
    shell("workdiary start acme\nsleep 1.2\nworkdiary stop")
    stopped = json.loads(shell("workdiary status --json"))
    day = json.loads(shell("workdiary diary --json"))
    shell(f"workdiary delete {day['segments'][0]['id']} --yes")
    day_after = json.loads(shell("workdiary diary --json"))
    week = json.loads(shell("workdiary week --json"))

    assert set(tracking) == set(stopped) == documented("status")
    segment = {path.removeprefix("segments[].") for path in documented("diary") if path.startswith("segments[].")}
    image = {
        path for path in segment if path.startswith(("snapshot.taken", "snapshot.not", "snapshot.images", "window."))
    }
    open_segment = set(paths(tracking["open_segment"]))
    assert open_segment <= segment
    assert segment - open_segment <= image | {"deleted", "unknown.<field>", "snapshot.missing", "review"}

    seen = {*paths(day), *paths(day_after)}
    assert seen <= documented("diary")
    # There may be no moment in so short a time.
    assert documented("diary") - seen <= {f"segments[].{path}" for path in image}

    flat = {path for path in paths(week) if not path.startswith("contracts[].segments[]")}
    assert flat == documented("week")


def test_the_other_commands_have_the_keys_that_the_reference_lists(shell, desktop):
    page = (DOCS / "reference" / "json.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (`.*) \| (.*) \|$", page.split("## Other commands")[1], re.MULTILINE))

    def has_its_keys(row, command):
        found = json.loads(shell(f"workdiary {command} --json"))
        assert set(found) == set(re.findall(r"`([\w ]+)`", rows[row])), command
        return found

    wait_for_room_in_the_slot()
    shell("workdiary contract add acme --rate 50 --manual")
    shell("workdiary start acme\nsleep 1.2\nworkdiary stop")
    name = json.loads(shell("workdiary diary --json"))["segments"][0]["id"]
    earlier = time.strftime("%Y-%m-%dT%H:00Z", time.gmtime(time.time() - 7200))
    has_its_keys("`contract list`", "contract list")
    has_its_keys("`memo` with segments", f"memo mended {name}")
    has_its_keys("`delete`", f"delete {name} --yes")
    has_its_keys("`preview`", "preview --out now.jpg")
    has_its_keys("`export`", "export --out week.zip")
    has_its_keys("`queue`", "queue")
    has_its_keys("`plugins`", "plugins")
    has_its_keys("`doctor`", "doctor")
    has_its_keys("`config get`, `set`, `unset`", "config set snapshot.quality 80")
    has_its_keys("`config path`", "config path")
    has_its_keys("`manual add`", f"manual add acme --from {earlier} --for 10m")
