"""One question to the portal: a method, whose answer is a signal that may take as long as a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jeepney.wrappers import DBusAddress

from workdiary.errors import NotHereError
from workdiary.payloads import Unknown
from workdiary_dbus.bus import DBUS, Bus, session_address

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SCREENSHOT = DBusAddress(PATH, NAME, "org.freedesktop.portal.Screenshot")
REQUEST = "org.freedesktop.portal.Request"
START_S = 4.0  #: the bus may have to start it
QUIET = {"interactive": ("b", False), "modal": ("b", False)}
REFUSED = Unknown(reason="the desktop portal refuses pictures")
SILENT = Unknown(reason="the desktop portal does not answer, or waits for somebody to allow it")
NO_PORTAL = "there is no desktop portal that takes pictures on the session bus"


def open_bus() -> Bus:
    """Connect to the session bus with the portal on it, which is started if need be.

    :raises NotHereError: there is no bus, or no portal that takes pictures.
    """
    bus = Bus.connect(session_address())
    try:
        bus.ask(DBUS, "StartServiceByName", "su", (NAME, 0), seconds=START_S)
        properties = DBusAddress(PATH, NAME, "org.freedesktop.DBus.Properties")
        if bus.ask(properties, "Get", "ss", (SCREENSHOT.interface, "version"), seconds=START_S) is None:
            raise NotHereError(NO_PORTAL)
    except BaseException:
        bus.close()
        raise
    return bus


def screenshot(bus: Bus, seconds: float) -> str | Unknown:
    """Return the address of the file that the portal has written, within so many seconds.

    :raises BusGoneError: the bus has gone.
    """
    owner = bus.ask(DBUS, "GetNameOwner", "s", (NAME,)) or ("",)
    answers: list[tuple[int, Mapping[str, Any]]] = []
    # Answers come to this connection alone, and it asks no more than one question.
    bus.hear(REQUEST, "Response", lambda body: answers.append((body[0], body[1])), sender=str(owner[0]))
    asked = bus.ask(SCREENSHOT, "Screenshot", "sa{sv}", ("", QUIET), seconds=seconds)
    if asked is None:
        return REFUSED
    if not bus.until(lambda: bool(answers), seconds):
        bus.call(DBusAddress(str(asked[0]), NAME, REQUEST), "Close")
        return SILENT
    ((response, results),) = answers[:1]
    kind, address = results.get("uri", ("", ""))
    return str(address) if response == 0 and kind == "s" else REFUSED
