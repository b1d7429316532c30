"""One connection's worth of watching: the active window and the idle monitor."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from workdiary.errors import NotHereError
from workdiary.payloads import Presence, Unknown, Window
from workdiary_dbus.bus import DBUS, BusGoneError
from workdiary_gnome.idle import Idle
from workdiary_gnome.shell import NO_EXTENSION, SHELL, WINDOWS, open_bus

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from workdiary_dbus.bus import Bus

NO_LOCK = Unknown(reason="the lock is known to the plugin workdiary-session")


class Session:
    """Hear one GNOME Shell. ``turn`` belongs to the watching thread, the rest to whoever holds the lock."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._since = os.urandom(8).hex()
        self._window: Window | Unknown = NO_EXTENSION
        self._news = False
        owner = bus.ask(DBUS, "GetNameOwner", "s", (SHELL,))
        if owner is None:
            raise NotHereError("GNOME Shell has ended")
        bus.hear(DBUS.interface, "NameOwnerChanged", self._on_owner, match=f",arg0='{SHELL}'")
        bus.hear(WINDOWS.interface, "Changed", self._on_changed, sender=owner[0])
        active = bus.ask(WINDOWS, "Active")
        if active is not None:
            self._on_changed(active)
        self._idle = Idle(bus, owner[0])

    def turn(self, lock: AbstractContextManager[object]) -> bool:
        """Wait and take; true if input ended a quiet second, or another window is active."""
        data = self._bus.receive()
        with lock:
            self._bus.dispatch(data)
            news, self._news = self._news, False
            return self._idle.came_back() or news

    def window(self) -> Window | Unknown:
        """Return the active window."""
        return self._window

    def presence(self) -> Presence:
        """Return active and idle time."""
        active, idle = self._idle.read()
        return Presence(since=self._since, active_ms=active, idle_ms=idle, locked=NO_LOCK)

    def interrupt(self) -> None:
        """Make the watching thread end."""
        self._bus.interrupt()

    def close(self) -> None:
        """Leave the bus; Mutter forgets our watches with it."""
        self._bus.close()

    def _on_changed(self, body: tuple[Any, ...]) -> None:
        app, title, handle = map(str, body)
        self._news |= getattr(self._window, "handle", "") != handle
        self._window = Window(app=app, title=title, handle=handle)

    def _on_owner(self, body: tuple[Any, ...]) -> None:
        if body[0] == SHELL:
            raise BusGoneError("GNOME Shell ended")


def open_session() -> Session:
    """Connect and begin to hear.

    :raises WorkdiaryError: there is no GNOME Shell.
    """
    bus = open_bus()
    try:
        return Session(bus)
    except BaseException:
        bus.close()
        raise
