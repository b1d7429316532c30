"""What is started at login: the tray if it is installed, else whatever session was interrupted."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TRAY = "workdiary-tray"


@dataclass(frozen=True, kw_only=True)
class Launch:
    """A command with the home that it is for; "" is the platform's own."""

    command: tuple[str, ...]
    home: str = ""

    @property
    def shows_tray(self) -> bool:
        """Whether it is the tray, which starts the tracker when it is told to."""
        return self.command[-1:] == ("tray",)


def at_login(environ: Mapping[str, str]) -> Launch:
    """Return what this interpreter would start. It never begins a session on its own: that is for a person to do."""
    module = (sys.executable, "-m", "workdiary")
    try:
        metadata.distribution(TRAY)
    except metadata.PackageNotFoundError:
        words: tuple[str, ...] = ("run", "--take-up")
    else:
        words = ("tray",)
    return Launch(command=(*module, *words), home=environ.get("WORKDIARY_HOME", ""))


def meaning(command: tuple[str, ...]) -> str:
    """Return in words what a command of ours does."""
    if command[-1:] == ("tray",):
        return "the tray icon"
    return "an interrupted session, if there is one"
