"""Tracks the desktop at hand, or a virtual one on which someone types, and shows what came of it."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from workdiary.testing.desktop import VirtualDesktop

WORKDIARY = [sys.executable, "-m", "workdiary"]
CONTRACT = "demo"
SENTENCE = "someone is typing here "
QUIET_END_S = 3.0  #: nothing is typed in the last seconds, so that all of it is counted


def say(text: str) -> None:
    print(f"== {text}", flush=True)


def workdiary(env: dict[str, str], *arguments: str, check: bool = True) -> str:
    done = subprocess.run([*WORKDIARY, *arguments], env=env, capture_output=True, text=True, check=False)
    if check and done.returncode:
        sys.exit(f"workdiary {shlex.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


class Typist(threading.Thread):
    """Types, clicks and scrolls on the virtual screen, and keeps the account."""

    def __init__(self, desktop: VirtualDesktop, until: float) -> None:
        super().__init__(daemon=True)
        self.desktop = desktop
        self.until = until
        self.done: Counter[str] = Counter()
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set() and time.monotonic() < self.until:
            for word in SENTENCE.split():
                self.desktop.type(word + " ")
                self.done["keys"] += len(word) + 1
            self.desktop.click(1)
            self.desktop.click(5, 2)
            self.done.update(clicks=1, scrolls=2)
            self.stopped.wait(1.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--for", dest="limit", default="", help="stop after this long, as in 2m; else Ctrl-C ends it")
    limit = parser.parse_args().limit
    with ExitStack() as stack:
        env = dict(os.environ)
        desktop = None
        if not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
            say("starting the virtual screen: Xvfb, a window manager, a terminal")
            desktop = stack.enter_context(VirtualDesktop(1280, 800))
            home = Path.cwd() / ".track-demo" / time.strftime("%Y%m%d-%H%M%S")
            env = {**desktop.env(), "WORKDIARY_HOME": str(home)}
            desktop.open_window("notes - a terminal of the demonstration", "Demo")
        elif env.get("WAYLAND_DISPLAY"):
            say("this is Wayland: until its plugin exists, counts, window and picture may be unknown here")
        return track(env, desktop, limit)


def track(env: dict[str, str], desktop: VirtualDesktop | None, limit: str) -> int:
    known = [one["name"] for one in json.loads(workdiary(env, "contract", "list", "--json"))["contracts"]] if (
        Path(json.loads(workdiary(env, "config", "path", "--json"))["data"]) / "journal.sqlite"
    ).exists() else []  # fmt: skip
    if CONTRACT not in known:
        workdiary(env, "contract", "add", CONTRACT, "--rate", "50", "--currency", "EUR", "--title", "A demonstration")
    say(f"tracking the contract {CONTRACT}" + (f" for {limit}" if limit else " until Ctrl-C"))
    command = [*WORKDIARY, "run", CONTRACT, "--memo", "trying out workdiary", *(["--for", limit] if limit else [])]
    begun = time.monotonic()
    child = subprocess.Popen(command, env=env)
    typist = None
    interrupted = False
    try:
        wait_until_tracking(env, child)
        if desktop is not None:
            typist = Typist(desktop, begun + seconds(limit) - QUIET_END_S)
            typist.start()
        child.wait()
    except KeyboardInterrupt:
        interrupted = True
    if typist is not None:
        typist.stopped.set()
        typist.join()
    child.wait()
    return show(env, typist, interrupted=interrupted) if child.returncode == 0 else child.returncode


def seconds(limit: str) -> float:
    from workdiary.cli.common import duration

    return duration(limit) if limit else float("inf")


def wait_until_tracking(env: dict[str, str], child: subprocess.Popen[bytes]) -> None:
    while child.poll() is None:
        if '"tracking"' in workdiary(env, "status", "--json", check=False):
            return
        time.sleep(0.1)


def show(env: dict[str, str], typist: Typist | None, *, interrupted: bool) -> int:
    print()
    print(workdiary(env, "diary"))
    home = Path(json.loads(workdiary(env, "config", "path", "--json"))["data"]).parent
    segments = json.loads(workdiary(env, "diary", "--json"))["segments"]
    good = True
    if typist is not None:
        good = compare(segments, typist.done) or interrupted
        out = home / "picture.jpg"
        pictured = [one["id"] for one in segments if (one["snapshot"] or {}).get("images")]
        if pictured:
            workdiary(env, "image", pictured[0], "--out", str(out))
            say(f"a screenshot that you can look at (the demo policy asked for it): {out}")
    bundle = home / f"week-{time.strftime('%H%M%S')}.wdb"
    workdiary(env, "export", "--contract", CONTRACT, "--out", str(bundle))
    verdict = subprocess.run([*WORKDIARY, "verify", str(bundle)], env=env, capture_output=True, text=True, check=False)
    say(f"workdiary verify {bundle.name}: exit {verdict.returncode}, {verdict.stdout.splitlines()[0]}")
    say(f"the diary is in {home}")
    prefix = f"WORKDIARY_HOME={home} " if "WORKDIARY_HOME" in env else ""
    say("try next:")
    for command in ("diary", "week", "plugins", "doctor", "preview --out look.jpg"):
        print(f"   {prefix}{Path(sys.executable).parent}/workdiary {command}")
    return 0 if good and verdict.returncode == 0 else 1


def compare(segments: list[dict[str, object]], done: Counter[str]) -> bool:
    """Print what was typed beside what was counted."""
    good = True
    print(f"{'':10} {'done':>7} {'counted':>8}")
    for name in ("keys", "clicks", "scrolls"):
        values = [one[name] for one in segments]
        counted = "unknown" if None in values else sum(values)
        good = good and counted == done[name]
        print(f"{name:10} {done[name]:7} {counted:>8}  {'equal' if counted == done[name] else 'DIFFERENT'}")
    return good


if __name__ == "__main__":
    sys.exit(main())
