"""A unit for the user's own systemd, wanted by the graphical session."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from workdiary.autostart import MARK
from workdiary.autostart.xdg import config_home

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workdiary.autostart.launch import Launch

UNIT = "workdiary.service"
TARGET = "graphical-session.target"


def path(environ: Mapping[str, str]) -> Path:
    """Return where the unit lies."""
    return config_home(environ) / "systemd" / "user" / UNIT


def link(environ: Mapping[str, str]) -> Path:
    """Return the link that enables it, as ``systemctl --user enable`` makes it."""
    return path(environ).parent / f"{TARGET}.wants" / UNIT


def text(launch: Launch) -> str:
    """Return the unit. SIGTERM at logout ends the session in order."""
    # The tray's tracker has to get the signal too, and may outlive the tray; a tracker tells its own helpers.
    ending = "KillMode=control-group\nExitType=cgroup" if launch.shows_tray else "KillMode=mixed"
    home = f"Environment={_quoted(f'WORKDIARY_HOME={launch.home}')}\n" if launch.home else ""
    return f"""{MARK}

[Unit]
Description=Workdiary at login
PartOf={TARGET}
After={TARGET}
StartLimitIntervalSec=300
StartLimitBurst=5

[Service]
ExecStart={" ".join(_quoted(word, dollar="$$") for word in launch.command)}
{home}Restart=on-failure
RestartSec=500ms
RestartPreventExitStatus=2
{ending}
TimeoutStopSec=10
UMask=0077
LimitCORE=0

[Install]
WantedBy={TARGET}
"""


def command_of(text: str) -> tuple[str, ...]:
    """Return the command of a unit of ours."""
    lines = [line.removeprefix("ExecStart=") for line in text.splitlines() if line.startswith("ExecStart=")]
    return tuple(word.replace("%%", "%").replace("$$", "$") for line in lines for word in shlex.split(line))


def _quoted(word: str, *, dollar: str = "$") -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", dollar)
    return f'"{escaped}"'
