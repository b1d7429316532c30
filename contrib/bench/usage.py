"""What processes cost, from /proc: CPU, wake-ups and memory of each with all that descend from it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple


class Usage(NamedTuple):
    cpu_s: float
    wakeups: int
    pss_mb: float


def processes(root: int) -> list[int]:
    """Return *root* and all that descend from it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def usage(root: int) -> Usage:
    """Return what *root* and its children use. Those that have ended are not in it: a snapshot has its own bench."""
    cpu, wakeups, pss = 0.0, 0, 0
    for pid in processes(root):
        try:
            cpu += time.clock_gettime((~pid << 3) | 2)  # the process's own clock: exact, ended threads included
            for task in Path(f"/proc/{pid}/task").iterdir():
                status = (task / "status").read_text()
                wakeups += int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            pss += int(rollup.split("\nPss:")[1].split()[0])
        except OSError:
            continue
    return Usage(cpu, wakeups, pss / 1024)


def measure(seconds: float, roots: dict[str, int]) -> dict[str, Usage]:
    before = {name: usage(pid) for name, pid in roots.items()}
    begun = time.monotonic()
    time.sleep(seconds)
    after = {name: usage(pid) for name, pid in roots.items()}
    span = time.monotonic() - begun
    return {
        name: Usage(
            (after[name].cpu_s - before[name].cpu_s) / span * 100,
            (after[name].wakeups - before[name].wakeups) / span,
            after[name].pss_mb,
        )
        for name in roots
    }
