"""Ask the host for a fresh process."""

from __future__ import annotations

import os
import sys

HOST = "workdiary.plugins.child"  #: the program of a process that the host made for one plugin


def end_own_process() -> None:
    """End this process, if it is the plugin's own; the host then starts a fresh one, with back-off."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is not None and spec.name == HOST:
        os._exit(1)
