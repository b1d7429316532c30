"""Track the desktop that is there, or a virtual one, and show what was recorded. Started by ./contrib/track."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import report
import session
from command import Command, CommandError
from hand import Hand
from waiting import track

from workdiary.diary.typed import duration
from workdiary.errors import WorkdiaryError
from workdiary.testing.desktop import VirtualDesktop

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUSE = Path(__file__).parents[2]
POLICY = HOUSE / "contrib" / "demo-policy"
PROGRAMS = ("Xvfb:xvfb", "openbox:openbox", "xdotool:xdotool", "xterm:xterm")
MEMO = "trying Workdiary"


def options(arguments: Sequence[str]) -> argparse.Namespace:
    found = argparse.ArgumentParser(
        prog="./contrib/track", description="Set up Workdiary in this checkout, track, and show what was recorded."
    )
    found.add_argument("--for", dest="limit", default="", metavar="TIME", help="stop after this long, as in 2m")
    found.add_argument("--virtual", action="store_true", help="track a virtual screen even in a desktop session")
    found.add_argument("--contract", default="demo", help="what to track; it is added if it is not there yet")
    found.add_argument("--out", type=Path, default=None, help="where pictures and export go; else a new folder here")
    return found.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    chosen = options(arguments)
    seconds = duration(chosen.limit) if chosen.limit else None
    kind, sentence = session.find()
    if chosen.virtual:
        kind, sentence = "virtual", "A virtual screen is tracked, on which a program types."
    print(sentence, flush=True)
    place: Path = chosen.out or HOUSE / ".track-demo" / time.strftime("%Y%m%d-%H%M%S")
    place.mkdir(parents=True, mode=0o700, exist_ok=True)
    if kind == "virtual":
        return virtual(chosen.contract, seconds, place)
    return real(chosen.contract, seconds, place)


def virtual(contract: str, seconds: int | None, place: Path) -> int:
    """Track a screen on which a program types; 1 if what it typed is not what was counted."""
    setup = str(Path(__file__).with_name("setup.sh"))
    subprocess.run(["bash", "-c", 'set -e; . "$0"; need_programs "$@"', setup, *PROGRAMS], check=True)
    with VirtualDesktop() as desktop:
        command = Command(demo_environment(desktop.env(), place))
        print(
            "The policy in contrib/demo-policy adds a snapshot 20 s after the start, so that a short run has one.\n"
            "It is on for this demo only; everything else is as in earnest.",
            flush=True,
        )
        before, begun = prepare(command, contract), time.time()
        hand = Hand(desktop)
        with command.tracking(contract, MEMO):
            track(command, seconds, hand)
        recorded = new_segments(command, contract, before, begun)
        report.show_diary(command, contract, begun)
        equal = report.compare(hand.done, report.counted(recorded))
        if not report.write_pictures(command, recorded, place):
            command.show("preview", "--contract", contract, "--out", str(place / "preview.jpg"))
    report.prove(command, contract, place)
    report.show_next(command, place)
    return 0 if equal else 1


def demo_environment(env: dict[str, str], place: Path) -> dict[str, str]:
    """Return the environment of the demo: a diary of its own, and the policy that adds a snapshot."""
    path = os.pathsep.join([str(POLICY), *filter(None, [env.get("PYTHONPATH")])])
    return {"WORKDIARY_HOME": str(place / "home"), **env, "PYTHONPATH": path}


def real(contract: str, seconds: int | None, place: Path) -> int:
    """Track the desktop that is there. Its pictures stay sealed until somebody asks to see them."""
    command = Command(os.environ)
    prepare(command, contract)
    begun = time.time()
    with command.tracking(contract, MEMO):
        track(command, seconds, None)
    report.show_diary(command, contract, begun)
    report.prove(command, contract, place)
    report.show_next(command, place)
    return 0


def prepare(command: Command, contract: str) -> set[str]:
    """Add the contract if need be; return the ids of the segments that are there already."""
    print(f"The diary lies in {command.home.data}", flush=True)
    known = command.json("contract", "list")["contracts"] if command.home.journal.exists() else []
    if contract not in {one["name"] for one in known}:
        command.show("contract", "add", contract, "--client", "Nobody", "--rate", "50")
    return set(report.segments(command, contract, time.time()))


def new_segments(command: Command, contract: str, before: set[str], begun: float) -> dict[str, report.Segment]:
    """Return what this run has recorded."""
    return {key: one for key, one in report.segments(command, contract, begun).items() if key not in before}


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # also where a shell's background ignores them
        signal.signal(number, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1:]))
    except CommandError as error:
        sys.exit(error.code)
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
    except WorkdiaryError as error:
        print(f"contrib/track: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
