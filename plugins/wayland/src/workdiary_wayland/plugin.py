"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary.source.watcher import Watcher
from workdiary_wayland.session import Session, open_session
from workdiary_wayland.wire import connect

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Frame, Window

NAME = "the Wayland compositor"
GONE = Unknown(reason=f"{NAME} went away")


class Plugin:
    """Watch from the first reading on: the snapshot process asks for none, and so pays for none."""

    def __init__(self) -> None:
        self._context: PluginContext | None = None
        self._watcher: Watcher[Session] | None = None

    def start(self, context: PluginContext) -> None:
        """Make sure that there is a compositor which answers.

        :raises NotHereError: there is none.
        :raises WorkdiaryError: it does not let us in.
        """
        connect().close()
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
                raise WorkdiaryError("the wayland plugin was asked before it was started")
            self._watcher = Watcher(NAME, open_session, self._context.wake, self._context.log)
        return self._watcher


def grab_screen() -> tuple[Frame, ...] | Unknown:
    """Take a picture of every output over a connection of its own."""
    from workdiary_wayland.screencopy import grab

    try:
        connection = connect()
    except WorkdiaryError as error:
        return Unknown(reason=error.message)
    try:
        return grab(connection)
    except OSError:
        return GONE
    finally:
        connection.close()


def checks() -> list[Check]:
    """Take one real reading of everything."""
    try:
        session = open_session()
    except (OSError, WorkdiaryError) as error:
        message = error.message if isinstance(error, WorkdiaryError) else str(error)
        return [_check("Wayland compositor", Unknown(reason=message), "Start the tracker from within your desktop.")]
    window, timer = session.window(), session.why_no_timer
    session.close()
    remedy = "Use a compositor with the wlr protocols, such as sway."
    return [
        _check("Wayland active window", window, remedy),
        _check("Wayland idle timer", timer or (), remedy),
        _check("Wayland picture", grab_screen(), remedy),
    ]


def _check(name: str, value: Window | tuple[Frame, ...] | Unknown, remedy: str) -> Check:
    if isinstance(value, Unknown):
        return Check(name=name, ok=False, detail=value.reason, remedy=remedy)
    return Check(name=name, ok=True, detail="readings come")
