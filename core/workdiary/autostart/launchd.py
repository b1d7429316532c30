"""An agent for macOS's launchd. Written to its conventions; not run by us."""

from __future__ import annotations

import plistlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workdiary.autostart.launch import Launch

LABEL = "org.workdiary.autostart"


def path(environ: Mapping[str, str]) -> Path:
    """Return where the agent lies."""
    return Path(environ.get("HOME", "~")).expanduser() / "Library" / "LaunchAgents" / f"{LABEL}.plist"


def text(launch: Launch) -> str:
    """Return the agent: started at login, again after a crash, never after an orderly end."""
    agent = {
        "Label": LABEL,
        "ProgramArguments": list(launch.command),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "LimitLoadToSessionType": "Aqua",
        "ExitTimeOut": 10,
        "Umask": 0o077,
    }
    if launch.home:
        agent["EnvironmentVariables"] = {"WORKDIARY_HOME": launch.home}
    return plistlib.dumps(agent).decode()


def command_of(text: str) -> tuple[str, ...]:
    """Return the command of an agent; nothing if it is not ours."""
    try:
        agent = plistlib.loads(text.encode())
    except (ValueError, plistlib.InvalidFileException):
        return ()
    return tuple(agent.get("ProgramArguments", ())) if agent.get("Label") == LABEL else ()
