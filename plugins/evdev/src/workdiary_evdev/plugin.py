"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, InputCounts, Unknown
from workdiary.source.watcher import Watcher
from workdiary_evdev.session import REMEDY, Session, open_session

if TYPE_CHECKING:
    from workdiary.context import PluginContext


class Plugin:
    """Hold what one start has made."""

    def __init__(self) -> None:
        self._watcher: Watcher[Session] | None = None

    def start(self, context: PluginContext) -> None:
        """Reach a counter.

        :raises NotHereError: nobody gave the right to read the devices.
        :raises WorkdiaryError: there is none.
        """
        first = open_session()  # here, so that what is wrong is raised; the watcher would go on trying
        self._watcher = Watcher("the input counter", open_session, context.wake, context.log, first=first)

    def stop(self) -> None:
        """Hang up."""
        if self._watcher is not None:
            self._watcher.stop()
        self._watcher = None

    def counts(self) -> InputCounts | Unknown:
        """Return the odometers as they were told last.

        :raises WorkdiaryError: the plugin was not started.
        """
        if self._watcher is None:
            raise WorkdiaryError("the evdev plugin was asked before it was started")
        return self._watcher.read(lambda session: session.counts)


def checks() -> list[Check]:
    """Take one real reading, and say what the right to it means."""
    name = "counts from input devices"
    try:
        session = open_session()
    except WorkdiaryError as error:
        return [Check(name=name, ok=False, detail=error.message, remedy=error.remedy)]
    session.close()
    if isinstance(session.counts, Unknown):
        return [Check(name=name, ok=True, detail=f"not used: {session.counts.reason}")]
    if session.by_helper:
        return [Check(name=name, ok=True, detail="readings come, from the helper, which passes on totals only")]
    warning = "readings come; every program of this user can read every key, which the helper would spare"
    return [Check(name=name, ok=True, detail=warning, remedy=REMEDY)]
