"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary.source.watcher import Watcher
from workdiary_kde.script import open_bus
from workdiary_kde.session import Session, open_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary.context import PluginContext
    from workdiary_dbus.bus import Bus

NAME = "KWin"
T = TypeVar("T")


class Plugin:
    """Watch from the first reading on: the snapshot process asks for none, and so pays for none."""

    def __init__(self) -> None:
        self._context: PluginContext | None = None
        self._watcher: Watcher[Session] | None = None

    def start(self, context: PluginContext) -> None:
        """Make sure that there is a KWin.

        :raises NotHereError: there is none.
        """
        open_bus().close()
        context.open_state()
        self._context = context

    def stop(self) -> None:
        """End the watching."""
        if self._watcher is not None:
            self._watcher.stop()
        self._watcher = self._context = None

    def watcher(self) -> Watcher[Session]:
        """Return the watcher, begun on first use.

        :raises WorkdiaryError: the plugin was not started.
        """
        if self._watcher is None:
            context = self._started()
            self._watcher = Watcher(NAME, lambda: open_session(context.state_directory), context.wake, context.log)
        return self._watcher

    def once(self, ask: Callable[[Bus, Path], T | Unknown]) -> T | Unknown:
        """Ask something over a connection of its own."""
        return once(ask, self._started().state_directory)

    def _started(self) -> PluginContext:
        if self._context is None:
            raise WorkdiaryError("the kde plugin was asked before it was started")
        return self._context


def once(ask: Callable[[Bus, Path], T | Unknown], place: Path) -> T | Unknown:
    """Ask something over a connection of its own; Unknown where KWin does not answer."""
    try:
        bus = open_bus()
    except WorkdiaryError as error:
        return Unknown(reason=error.message)
    try:
        return ask(bus, place)
    except WorkdiaryError as error:
        return Unknown(reason=error.message)
    finally:
        bus.close()


def checks() -> list[Check]:
    """Take one real reading of everything."""
    from workdiary_kde.picture import grab

    name, remedy = "KWin active window", "Log in to Plasma, and start the tracker from there."
    with tempfile.TemporaryDirectory(prefix="workdiary-") as place:
        try:
            open_session(Path(place)).close()
        except WorkdiaryError as error:
            return [Check(name=name, ok=False, detail=error.message, remedy=error.remedy or remedy)]
        found = once(grab, Path(place))
    window = Check(name=name, ok=True, detail="readings come")
    if isinstance(found, Unknown):
        allow = "workdiary kde allow-pictures"
        return [window, Check(name="KWin picture", ok=False, detail=found.reason, remedy=allow)]
    return [window, Check(name="KWin picture", ok=True, detail=f"{len(found)} screen(s) can be read")]
