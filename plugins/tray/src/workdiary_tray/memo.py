"""Writing a memo without a toolkit of our own: by the desktop's own dialog, else in the diary."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_tray.jobs import Jobs

QUESTION = "What are you working on?"
#: The memo so far is not filled in: a command line can be read by every user of the machine.
DIALOGS = {
    "kdialog": ("kdialog", "--title", "Workdiary", "--inputbox", QUESTION),
    "zenity": ("zenity", "--entry", "--title", "Workdiary", "--text", QUESTION),
}


def write(jobs: Jobs, then: Callable[[str], None], otherwise: Callable[[], None]) -> None:
    """Ask for a memo; *otherwise* is called where no program can ask."""
    found = next((command for name, command in DIALOGS.items() if shutil.which(name)), None)
    if found is None:
        otherwise()
        return

    def ended(code: int, out: bytes, _err: bytes) -> None:
        text = out.decode(errors="replace").strip()
        if code == 0 and text:
            then(text)

    jobs.run(found, ended)
