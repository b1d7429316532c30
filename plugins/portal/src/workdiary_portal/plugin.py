"""What the hooks do. Everything here runs on the plugin's lane."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from workdiary.errors import WorkdiaryError
from workdiary.payloads import Check, Unknown
from workdiary_portal import leftover, permission
from workdiary_portal.request import open_bus, screenshot
from workdiary_wayland.wire import connect

if TYPE_CHECKING:
    from pathlib import Path

    from workdiary.context import PluginContext
    from workdiary.payloads import Frame, Rect
    from workdiary_dbus.bus import Bus

ANSWER_S = 4.0  #: of the hook's 5 s, all in all
REMEDY = "workdiary portal allow-pictures"
_started: list[Path] = []  #: the state directory


def start(context: PluginContext) -> None:
    """Make sure that there is a Wayland compositor, whose monitors can be asked for, and a portal.

    :raises NotHereError: there is none.
    """
    connect().close()
    open_bus().close()
    _started[:] = [context.state_directory]


def stop() -> None:
    """Forget what it was started with."""
    _started.clear()


def grab_screen() -> tuple[Frame, ...] | Unknown:
    """Take a picture, if the person has allowed it."""
    if not _started:
        return permission.NEVER
    end = time.monotonic() + ANSWER_S
    try:
        bus = open_bus()
    except WorkdiaryError as error:
        return Unknown(reason=error.message)
    try:
        return permission.why_not(bus, _started[0]) or picture(bus, end)
    except WorkdiaryError as error:
        return Unknown(reason=error.message)
    finally:
        bus.close()


def picture(bus: Bus, end: float) -> tuple[Frame, ...] | Unknown:
    """Take a picture now. It may bring up a dialog, and waits for it until *end*, by the monotonic clock.

    :raises WorkdiaryError: the bus or the compositor has gone.
    """
    from workdiary_portal.picture import frames

    since = time.time()
    address = screenshot(bus, end)
    if isinstance(address, Unknown):
        return address
    data = leftover.take(address, since)
    return data if isinstance(data, Unknown) else frames(data, monitors())


def monitors() -> list[Rect]:
    """Return where the monitors lie.

    :raises WorkdiaryError: the compositor has gone.
    """
    from workdiary_wayland.outputs import outputs

    connection = connect()
    try:
        return [one.rect for one in outputs(connection)]
    except OSError as error:
        raise WorkdiaryError("the Wayland compositor went away") from error
    finally:
        connection.close()


def checks() -> list[Check]:
    """Take one real picture, and forget it."""
    found = grab_screen()
    if isinstance(found, Unknown):
        return [Check(name="portal picture", ok=False, detail=found.reason, remedy=REMEDY)]
    return [Check(name="portal picture", ok=True, detail=f"{len(found)} monitor(s) can be read")]
