"""What a run has recorded, shown with the commands that anybody can use."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from hand import Counts

if TYPE_CHECKING:
    from command import Command

DAY_S = 86_400
Segment: TypeAlias = dict[str, Any]  #: as in ``workdiary diary --json``


def days(begun: float) -> list[str]:
    """Return the UTC days since *begun*, in seconds since 1970."""
    numbers = range(int(begun // DAY_S), int(time.time() // DAY_S) + 1)
    return [time.strftime("%Y-%m-%d", time.gmtime(number * DAY_S)) for number in numbers]


def segments(command: Command, contract: str, begun: float) -> dict[str, Segment]:
    """Return the contract's segments of these days by their id."""
    found = [command.json("diary", "--date", day, "--contract", contract)["segments"] for day in days(begun)]
    return {one["id"]: one for day in found for one in day}


def counted(recorded: dict[str, Segment]) -> Counts | str:
    """Return the sums of all segments, or why they are not known."""
    total = Counts()
    for one in recorded.values():
        for name in asdict(total):
            if one[name] is None:
                return f"{name}: unknown, {one['unknown'].get(name, 'without a reason')}"
            setattr(total, name, getattr(total, name) + one[name])
    return total


def show_diary(command: Command, contract: str, begun: float) -> None:
    """Print the diary of the days of the run."""
    for day in days(begun):
        command.show("diary", "--date", day, "--contract", contract)


def compare(typed: Counts, found: Counts | str) -> bool:
    """Print what was typed beside what was counted; true if they are equal."""
    print(f"\ntyped    {typed}\ncounted  {found}")
    equal = found == typed
    print("What was typed equals what was counted." if equal else "THEY DIFFER: this is a fault; please report it.")
    return equal


def write_pictures(command: Command, recorded: dict[str, Segment], place: Path) -> bool:
    """Decrypt each recorded picture into *place*; false if there is none, after saying why."""
    pictures = [
        (one["id"], number)
        for one in recorded.values()
        for number, _ in enumerate(one["snapshot"].get("images", ()), 1)
    ]
    for position, (segment, number) in enumerate(pictures, 1):
        out = place / ("screenshot.jpg" if position == 1 else f"screenshot-{position}.jpg")
        command.show("image", segment, *(["--number", str(number)] if number > 1 else []), "--out", str(out))
    if not pictures:
        reasons = {one["snapshot"].get("missing", "unknown") for one in recorded.values()}
        print(f"\nNo picture was recorded: {'; '.join(sorted(reasons))}")
    return bool(pictures)


def prove(command: Command, contract: str, place: Path) -> None:
    """Export the week and verify it, as the other side would."""
    week = place / "week.zip"
    command.show("export", "--contract", contract, "--images", "--out", str(week))
    command.show("verify", str(week))


def show_next(command: Command, place: Path) -> None:
    """Print what was written, and what to try next."""
    home = f'  export WORKDIARY_HOME="{command.env["WORKDIARY_HOME"]}"\n' if "WORKDIARY_HOME" in command.env else ""
    print(f"""
What you can look at is in {place}
  {"  ".join(sorted(path.name for path in place.iterdir()))}
Go on with:
  export PATH="{Path(sys.executable).parent}:$PATH"
{home}  workdiary diary
  workdiary image SEGMENT --out picture.jpg
  workdiary preview --out now.jpg     what a picture would show now
  workdiary plugins                   what can observe you
  workdiary doctor                    whether it works here
  workdiary --help                    and docs/tutorial/first-week.md""")
