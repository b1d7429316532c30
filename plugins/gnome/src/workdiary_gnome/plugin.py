"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary.source.watcher import Watcher
from workdiary_gnome.session import Session, open_session
from workdiary_gnome.shell import open_bus

if TYPE_CHECKING:
    from workdiary.context import PluginContext

NAME = "GNOME Shell"


class Plugin:
    """Watch from the first reading on: the snapshot process asks only for what it needs."""

    def __init__(self) -> None:
        self._context: PluginContext | None = None
        self._watcher: Watcher[Session] | None = None

    def start(self, context: PluginContext) -> None:
        """Make sure that there is a GNOME Shell.

        :raises NotHereError: there is none.
        """
        open_bus().close()
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
            if self._context is None:
                raise WorkdiaryError("the gnome plugin was asked before it was started")
            self._watcher = Watcher(NAME, open_session, self._context.wake, self._context.log)
        return self._watcher


def checks() -> list[Check]:
    """Take one real reading of everything."""
    try:
        session = open_session()
    except WorkdiaryError as error:
        remedy = "Start the tracker from within the desktop."
        return [Check(name="GNOME Shell", ok=False, detail=error.message, remedy=error.remedy or remedy)]
    window, active = session.window(), session.presence().active_ms
    session.close()
    return [
        _check("GNOME active window", window, "workdiary gnome install-extension"),
        _check("GNOME idle monitor", active, "Is this GNOME older than 3.38?"),
    ]


def _check(name: str, value: object, remedy: str) -> Check:
    if isinstance(value, Unknown):
        return Check(name=name, ok=False, detail=value.reason, remedy=remedy)
    return Check(name=name, ok=True, detail="readings come")
