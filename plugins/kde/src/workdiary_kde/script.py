"""Scripts in KWin: the only door to its windows. They tell us over the bus; nothing of ours is asked there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jeepney.wrappers import DBusAddress

from workdiary.errors import WorkdiaryError
from workdiary_dbus.program import open_bus_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_dbus.bus import Bus

KWIN = "org.kde.KWin"
SCRIPTING = DBusAddress("/Scripting", KWIN, "org.kde.kwin.Scripting")
SCRIPT = "org.kde.kwin.Script"


class Ear:
    """What a script calls. Nobody else knows the path."""

    name = "org.workdiary.KWin"

    def __init__(self, hear: Callable[[tuple[Any, ...]], None]) -> None:
        self.path = f"/workdiary/{os.urandom(16).hex()}"
        self._hear = hear

    def call(self, member: str, body: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
        """Take what the script tells."""
        del member  # each script has one
        self._hear(body)
        return "", ()

    def properties(self) -> dict[str, tuple[str, Any]]:
        """Return nothing: there are none."""
        return {}


class Script:
    """A script of ours in KWin, from ``load`` to ``close``.

    :param name: of the file beside this one, without its ending.
    :param place: a directory of the plugin's own, from which KWin reads it.
    """

    def __init__(self, bus: Bus, name: str, place: Path, hear: Callable[[tuple[Any, ...]], None]) -> None:
        self._bus = bus
        self._ear = Ear(hear)
        # Tracker, snapshot and doctor have one each; by the process it is known whose it was.
        stem = f"{name}-{os.getpid()}-{os.urandom(4).hex()}"
        self.name = f"workdiary-{stem}"
        text = Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")
        self._file = place / f"{stem}.js"
        self._file.write_text(text.replace("@BUS@", bus.name).replace("@PATH@", self._ear.path), encoding="utf-8")

    def load(self) -> None:
        """Have KWin run it, and take out what a tracker that was killed has left.

        :raises WorkdiaryError: KWin refuses.
        """
        self._bus.serve(self._ear)
        for left in self._file.parent.glob("*-*-*.js"):
            if not Path("/proc", left.stem.split("-")[1]).exists():
                _unload(self._bus, f"workdiary-{left.stem}")
                left.unlink(missing_ok=True)
        (number,) = self._bus.ask(SCRIPTING, "loadScript", "ss", (str(self._file), self.name)) or (-1,)
        # The first path is that of KWin 6, the second of KWin 5.
        paths = (f"/Scripting/Script{number}", f"/{number}")
        ran = number >= 0 and any(self._bus.ask(DBusAddress(path, KWIN, SCRIPT), "run") is not None for path in paths)
        if not ran:
            raise WorkdiaryError("KWin does not run scripts", remedy="Is it older than 5, or locked down by a policy?")

    def close(self) -> None:
        """Take it out of KWin over a connection of its own, as ours may be gone; and its file away."""
        self._file.unlink(missing_ok=True)
        with suppress(WorkdiaryError):  # KWin is gone as well
            bus = open_bus()
            _unload(bus, self.name)
            bus.close()


def open_bus() -> Bus:
    """Connect to the session bus that KWin is on.

    :raises NotHereError: there is none, or no KWin on it.
    """
    return open_bus_of(KWIN, "KWin")


def _unload(bus: Bus, name: str) -> None:
    bus.ask(SCRIPTING, "unloadScript", "s", (name,))
