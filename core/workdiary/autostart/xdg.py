"""A desktop entry in the autostart directory: for every desktop, with systemd or without."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from workdiary.autostart import MARK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workdiary.autostart.launch import Launch

ENTRY = "workdiary.desktop"


def path(environ: Mapping[str, str]) -> Path:
    """Return where the entry lies."""
    return config_home(environ) / "autostart" / ENTRY


def config_home(environ: Mapping[str, str]) -> Path:
    """Return the directory of the user's settings."""
    return Path(environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME", "~")).expanduser() / ".config")


def text(launch: Launch) -> str:
    """Return the entry."""
    words = launch.command
    if launch.home:
        words = ("env", f"WORKDIARY_HOME={launch.home}", *words)
    line = " ".join(_quoted(word) for word in words).replace("\\", "\\\\")  # the file's own quoting comes on top
    return f"""{MARK}
[Desktop Entry]
Type=Application
Name=Workdiary
Comment=Work diary at login
Exec={line}
Terminal=false
StartupNotify=false
"""


def command_of(text: str) -> tuple[str, ...]:
    """Return the command of an entry of ours."""
    lines = [line.removeprefix("Exec=") for line in text.splitlines() if line.startswith("Exec=")]
    words = [_plain(word) for line in lines for word in shlex.split(line.replace("\\\\", "\\"))]
    return tuple(words[2:] if words[:1] == ["env"] else words)


def _quoted(word: str) -> str:
    escaped = "".join("\\" + one if one in '"`$\\' else one for one in word).replace("%", "%%")
    return f'"{escaped}"'


def _plain(word: str) -> str:
    """Undo what ``shlex`` leaves: before these two it keeps the backslash."""
    return word.replace("\\$", "$").replace("\\`", "`").replace("%%", "%")
