"""The whole tracker through a suspend of the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uinput import BTN_LEFT, KEY_A, Played

if TYPE_CHECKING:
    from collections.abc import Callable

HOME = Path("/tmp/diary")
ENVIRONMENT = os.environ | {"WORKDIARY_HOME": str(HOME)}
WORKDIARY = (sys.executable, "-m", "workdiary")


def show(tell: Callable[[str, bool, object], None]) -> None:
    run("contract", "add", "acme", "--client", "Acme", "--rate", "50", "--currency", "EUR", "--limit", "40h")
    keyboard, mouse = Played(range(1, 120)), Played(range(0x110, 0x115), (8,))
    began = time.monotonic()  # it stands still while the machine sleeps
    tracker = subprocess.Popen([*WORKDIARY, "run", "acme", "--memo", "sleep"], env=ENVIRONMENT)
    try:
        until(lambda: (ask("status")["open_segment"] or {}).get("keys") is not None)
        room()
        keyboard.press(KEY_A, 40)
        mouse.press(BTN_LEFT, 10)
        time.sleep(3)
        slept = suspend()
        keyboard.press(KEY_A, 30)
        mouse.press(BTN_LEFT, 5)
        time.sleep(20)
        run("stop")
        tracker.wait(timeout=120)
    finally:
        tracker.kill()
    judge(tell, ask("diary"), slept, time.monotonic() - began)


def judge(tell: Callable[[str, bool, object], None], diary: dict[str, Any], slept: float, awake: float) -> None:
    tell("the machine slept", slept > 10, f"{slept:.1f} s")
    gaps = [one for one in diary["gaps"] if "asleep" in one["reason"]]
    lengths = [stamp(one["to"]) - stamp(one["from"]) for one in gaps]
    ok = len(gaps) == 1 and abs(lengths[0] - slept) < 2.5
    tell("the gap says that the computer was asleep, with its whole length", ok, f"{lengths} s: {diary['gaps']}")
    tracked = sum(one["tracked_seconds"] for one in diary["segments"])
    tell("no second of sleep is credited", 20 < tracked <= awake, f"{tracked} s, awake {awake:.0f} s")
    keys, clicks = (sum(one[name] or 0 for one in diary["segments"]) for name in ("keys", "clicks"))
    # The press that ends the gap belongs to it: whatever is done in a gap is not work.
    tell("what was pressed before and after is counted once", keys in {69, 70} and clicks == 15, f"{keys}, {clicks}")


def suspend() -> float:
    """Sleep until the host wakes us; return for how long."""
    before, early = time.clock_gettime(time.CLOCK_BOOTTIME), time.monotonic()
    print("going to sleep", flush=True)
    Path("/sys/power/state").write_text("mem")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - before - (time.monotonic() - early)


def room() -> None:
    """Keep away from the end of a slot and of a minute, so that the figures stand in one."""
    while time.time() % 600 > 480 or time.time() % 60 > 50:
        time.sleep(1)


def run(*arguments: str) -> str:
    done = subprocess.run([*WORKDIARY, *arguments], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def ask(*arguments: str) -> dict[str, Any]:
    return json.loads(run(*arguments, "--json"))


def until(ready: Callable[[], bool], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.5)


def stamp(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
