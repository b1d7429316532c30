"""Each fault program in a small size; the full ones are run by hand (see contrib/faults)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).parents[2] / "contrib" / "faults"
PROGRAMS = {
    "clocks": ["--traces", "400"],
    "kill-loop": ["--kills", "60"],
    "every-syscall": ["--every", "12"],
    "power-cuts": ["--cuts", "1500"],
    "disk-full": ["--levels", "24"],
    "corruption": ["--count", "130"],
    "restart": ["--kills", "2", "--years", "0.1"],
    "interleavings": ["--rounds", "2"],
}


def can_mount() -> bool:
    own = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]
    mount = [*own, "mount", "-t", "tmpfs", "none", "/mnt"]
    return (
        shutil.which("unshare") is not None and not subprocess.run(mount, capture_output=True, check=False).returncode
    )


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_promises_hold_and_the_control_is_caught(name):
    if not FAULTS.exists():
        pytest.skip("contrib is not shipped")
    if name == "every-syscall" and shutil.which("strace") is None:
        pytest.skip("needs strace")
    if name == "disk-full" and not can_mount():
        pytest.skip("needs the right to mount a tmpfs")
    done = subprocess.run(
        [sys.executable, FAULTS / name, *PROGRAMS[name]], capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PASS" in done.stdout
    assert "Traceback" not in done.stderr
