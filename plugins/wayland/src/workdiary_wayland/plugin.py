"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary.source.watcher import Watcher
from workdiary_wayland.protocols import NO_PICTURES, NO_TIMER, NO_WINDOWS, PICTURES, TIMERS, WINDOWS
from workdiary_wayland.session import Session, open_session
from workdiary_wayland.wire import connect

if TYPE_CHECKING:
    from workdiary.context import PluginContext
    from workdiary.payloads import Frame

NAME = "the Wayland compositor"
REMEDY = "Start the tracker from within your desktop, as the user who sits there."
GONE = Unknown(reason=f"{NAME} went away")


class Plugin:
    """Watch from the first reading on: the snapshot process asks for none, and so pays for none."""

    def __init__(self) -> None:
        self._context: PluginContext | None = None
        self._watcher: Watcher[Session] | None = None

    def start(self, context: PluginContext) -> None:
        """Make sure that there is a compositor which answers, and tells something.

        :raises NotHereError: there is none, or one without any of the protocols.
        :raises WorkdiaryError: it does not let us in.
        """
        connection = connect()
        connection.close()
        if not any(map(connection.offered, (WINDOWS, PICTURES, *TIMERS))):
            raise NotHereError("this compositor offers neither pictures nor windows nor idle time to programs")
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
        return [Check(name="Wayland compositor", ok=False, detail=message, remedy=REMEDY)]
    window, timer = session.window(), session.why_no_timer
    session.close()
    return [
        _check("Wayland active window", window, NO_WINDOWS),
        _check("Wayland idle timer", timer or (), NO_TIMER),
        _check("Wayland picture", grab_screen(), NO_PICTURES),
    ]


def _check(name: str, value: object, not_offered: Unknown) -> Check:
    """What a compositor does not offer is no fault: another plugin may know it, and core says if none does."""
    if isinstance(value, Unknown):
        return Check(name=name, ok=value == not_offered, detail=value.reason, remedy=REMEDY)
    return Check(name=name, ok=True, detail="readings come")
