"""Levels: what the page of desktops claims is what a test does, on the server that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs" / "reference" / "desktops.md").read_text(encoding="utf-8")
CLAIMS = re.findall(
    r"^\| \[(\w+)\]\(\S+\) \| (\w+) \| ([^|]+) \| ([^|]+) \| \[`(\w+)`\]\(\.\./\.\./(\S+)\) \|$", PAGE, re.MULTILINE
)
HOOKS = {
    "counts": "count_input",
    "window": "capture_window",
    "activity": "presence",
    "lock": "presence",
    "places": "survey_screen",
    "picture": "grab_screen",
}
#: What the page names -> its level, and what in a plugin's tests starts it.
SERVERS = {
    "Xvfb": ("real server", "VirtualDesktop("),
    "sway": ("real server", "WaylandDesktop("),
    "labwc": ("real server", "LabwcDesktop("),
    "KWin": ("real server", "KWin("),
    "GNOME Shell": ("real server", "GnomeShell"),
    "functions by documentation": ("fake", "fakemac.c"),
    "taps by documentation": ("fake", "on_fake_mac.py"),
    "compositor by script": ("emulated", "FakeCompositor("),
    "umockdev": ("emulated", "libumockdev-preload.so"),
    "wine": ("emulated", "contrib/wine/run"),
    "script on dbus-daemon": ("emulated", "PrivateBus("),
}
#: Where the portable plugins are tested on a system that is not this one.
TESTED_BY = {"wine": "windows"}


def id_of(claim):
    return "-".join(claim[:3])


@pytest.mark.parametrize("claim", CLAIMS, ids=id_of)
def test_a_claim_has_the_level_of_the_server_that_its_test_starts(claim):
    plugin, _, server, level, test, path = claim
    expected, starts = SERVERS[server]
    assert level == expected
    assert path.startswith((f"plugins/{plugin}/tests/", f"plugins/{TESTED_BY.get(server, plugin)}/tests/"))
    assert f"def {test}(" in (HOUSE / path).read_text(encoding="utf-8")
    assert any(starts in file.read_text(encoding="utf-8") for file in (HOUSE / path).parent.glob("*.py"))


def test_every_field_of_every_plugin_that_sees_a_desktop_has_a_level():
    for source in HOUSE.glob("plugins/*/src"):
        text = "".join(file.read_text(encoding="utf-8") for file in source.rglob("*.py"))
        hooks = set(re.findall(r"^def workdiary_(\w+)\(", text, re.MULTILINE)) & set(HOOKS.values())
        claimed = {HOOKS[what] for plugin, what, *_ in CLAIMS if plugin == source.parent.name}
        assert claimed == hooks, source.parent.name


def test_no_row_is_overlooked_and_every_server_has_a_version():
    assert len(CLAIMS) == len(re.findall(r"^\| \[", PAGE, re.MULTILINE))
    assert set(re.findall(r"^\| ([^|\[]+) \| [^|]+ \| `contrib/", PAGE, re.MULTILINE)) == set(SERVERS)
