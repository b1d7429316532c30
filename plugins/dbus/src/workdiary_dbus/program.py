"""A program on the session bus that a plugin is made for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary.payloads import Unknown
from workdiary_dbus.bus import DBUS, Bus, session_address

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def open_bus_of(name: str, who: str) -> Bus:
    """Connect to the session bus that a program is on, which people know as *who*.

    :raises NotHereError: there is no such bus, or the program is not on it.
    """
    bus = Bus.connect(session_address())
    try:
        if (bus.ask(DBUS, "NameHasOwner", "s", (name,)) or (False,))[0]:
            return bus
        raise NotHereError(f"{who} is not on the session bus")
    except BaseException:
        bus.close()
        raise


def once(connect: Callable[[], Bus], ask: Callable[[Bus], T | Unknown]) -> T | Unknown:
    """Ask something over a connection of its own; Unknown where there is none, or where it ends meanwhile."""
    try:
        bus = connect()
    except WorkdiaryError as error:
        return Unknown(reason=error.message)
    try:
        return ask(bus)
    except WorkdiaryError as error:
        return Unknown(reason=error.message)
    finally:
        bus.close()
