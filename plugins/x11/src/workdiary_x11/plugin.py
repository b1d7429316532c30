"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, InputCounts, Unknown, Window
from workdiary.source.watcher import Watcher
from workdiary_x11.desktop import open_desktop
from workdiary_x11.session import Session, open_session
from workdiary_x11.survey import survey

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import ScreenMap


NAME = "the X server"
GONE = Unknown(reason=f"{NAME} went away")


class Plugin:
    """Watch from the first reading on: the snapshot process asks for none, and so pays for none."""

    def __init__(self) -> None:
        self._context: PluginContext | None = None
        self._watcher: Watcher[Session] | None = None

    def start(self, context: PluginContext) -> None:
        """Make sure that there is a server of the whole desktop, which lets us in.

        :raises NotHereError: there is none.
        :raises WorkdiaryError: it does not let us in.
        """
        try:
            open_desktop().close()
        except OSError as error:
            raise WorkdiaryError(str(error), remedy="Check DISPLAY and XAUTHORITY, or `xset q`.") from error
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
                raise WorkdiaryError("the x11 plugin was asked before it was started")
            self._watcher = Watcher(NAME, open_session, self._context.wake, self._context.log)
        return self._watcher


def survey_screen() -> ScreenMap | Unknown:
    """Read the screen over a connection of its own."""
    try:
        connection = open_desktop()
    except (OSError, WorkdiaryError):
        return GONE
    try:
        return survey(connection)
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
        return [_check("X display", Unknown(reason=message), "Start the tracker from within an X11 desktop.")]
    counts, window, presence = session.counts(), session.window(), session.presence()
    session.close()
    return [
        _check("X input counts", counts, "Use an X server with XInput 2, such as Xorg 1.11 or later."),
        _check("X active window", window, "Start a window manager that follows EWMH."),
        _check("X idle timer", presence.active_ms, "Use an X server with the SYNC extension."),
    ]


def _check(name: str, value: InputCounts | Window | int | Unknown, remedy: str) -> Check:
    if isinstance(value, Unknown):
        return Check(name=name, ok=False, detail=value.reason, remedy=remedy)
    return Check(name=name, ok=True, detail="readings come")
