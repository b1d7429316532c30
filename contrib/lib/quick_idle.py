"""For tests of the idle question: a plugin in whose tracker a minute of the contract lasts a second.

Everything else there is as ever. On a desktop the presence is the desktop's own; without one nobody is there until the
file ``somebody`` lies beside the plugin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = """
import os
import threading
import time
from pathlib import Path

from workdiary.hooks import hookimpl
from workdiary.payloads import Presence
from workdiary.record import idle
from workdiary.tracker import commands

commands.MINUTE_MS = idle.MINUTE_MS = 1000
SOMEBODY = Path(__file__).with_name("somebody")

def wake_often(wake):
    while True:
        time.sleep(0.2)
        wake()

@hookimpl
def workdiary_start(context):
    threading.Thread(target=wake_often, args=(context.wake,), daemon=True).start()

@hookimpl
def workdiary_presence(tick):
    if os.environ.get("DISPLAY"):
        return None
    idle_ms = 0 if SOMEBODY.exists() else 10**9
    return Presence(since="quick-idle", active_ms=0, idle_ms=idle_ms, locked=False)
"""


def install(folder: Path) -> Path:
    """Install the plugin into a folder that is to be on the tracker's PYTHONPATH; return the file ``somebody``."""
    info = folder / "quick_idle-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: quick-idle\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[workdiary]\nquick-idle = quick_idle\n")
    (folder / "quick_idle.py").write_text(PLUGIN)
    return folder / "somebody"
