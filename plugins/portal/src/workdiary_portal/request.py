"""One question to the portal: a method, whose answer is a signal that may take as long as a person."""

from __future__ import annotations

import time
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
START_S = 2.0  #: the bus may have to start it
LATE_S = 0.3  #: an answer may come while the question is taken back; its file shall not stay
QUIET = {"interactive": ("b", False), "modal": ("b", False)}
REFUSED = Unknown(reason="the desktop portal refuses pictures")
DECLINED = Unknown(reason="somebody has declined the desktop portal's question")
ENDED = Unknown(reason="the desktop portal ended the question, as it does while another one shows")
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


def screenshot(bus: Bus, end: float) -> str | Unknown:
    """Return the address of the file that the portal has written.

    :param end: until when, by the monotonic clock.
    :raises BusGoneError: the bus has gone.
    """
    owner = bus.ask(DBUS, "GetNameOwner", "s", (NAME,), seconds=_left(end))
    if owner is None:
        return REFUSED
    answers: list[tuple[int, Mapping[str, Any]]] = []
    # Answers come to this connection alone, and it asks no more than one question.
    bus.hear(REQUEST, "Response", lambda body: answers.append((body[0], body[1])), sender=str(owner[0]))
    asked = bus.ask(SCREENSHOT, "Screenshot", "sa{sv}", ("", QUIET), seconds=_left(end - LATE_S))
    if asked is None:
        return REFUSED
    if not bus.until(lambda: bool(answers), _left(end - LATE_S)):
        bus.call(DBusAddress(str(asked[0]), NAME, REQUEST), "Close")
        if not bus.until(lambda: bool(answers), LATE_S):
            return SILENT
    ((response, results),) = answers[:1]
    kind, address = results.get("uri", ("", ""))
    if response or kind != "s":
        return {1: DECLINED, 2: ENDED}.get(response, REFUSED)
    return str(address)


def _left(end: float) -> float:
    return max(0.0, end - time.monotonic())
