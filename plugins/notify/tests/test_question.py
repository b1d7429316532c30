"""The question about time without input: a real idle timer, a real tracker, a real daemon, a real mouse.

What is not real is the minute of the contract, which lasts a second: nobody waits ten minutes for a test.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

LIB = Path(__file__).parents[3] / "contrib" / "lib"
BUTTONS = ["Discard and go on", "Discard and stop", "Keep"]


@pytest.fixture
def asks_soon(cli):
    """Have the contract ask after a second without input."""
    pytest.importorskip("workdiary_x11")
    spec = importlib.util.spec_from_file_location("quick_idle", LIB / "quick_idle.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.install(Path(cli.env["PYTHONPATH"]))
    cli("contract", "edit", "acme", "--idle-minutes", "1", "--snapshots", "none")


def questions(dunst) -> list[dict]:
    """Return what was asked and is closed by now."""
    found = json.loads(dunst.ctl("history"))["data"][0]
    return [one for one in found if one["summary"]["data"] == "Were you working? acme"]


def test_a_question_is_shown_and_its_button_leaves_the_gap(cli, desktop, dunst, asks_soon, until):
    cli.track()
    until(lambda: cli.status()["idle"])
    until(dunst.displayed)
    assert cli.status()["idle"]["until"] is None
    desktop.move(600, 600)
    until(lambda: cli.status()["idle"]["until"])
    until(lambda: questions(dunst))
    until(lambda: dunst.displayed() == 1)  # it is asked anew
    desktop.move(200, 60)
    desktop.click(1)
    until(lambda: cli.status()["idle"] is None)
    cli("stop")
    [gap] = [one for one in cli.json("diary")["gaps"] if one["reason"] == "idle, discarded by the freelancer"]
    assert gap["from"] < gap["to"]
    offered = dunst.offered.read_text().splitlines()
    assert sorted(line.split(" (")[0].lstrip("#") for line in offered) == BUTTONS  # this daemon shuffles them
