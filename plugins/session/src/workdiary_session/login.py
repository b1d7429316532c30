"""The login manager, logind: its hint that the session is locked, whose turn it is, and that sleep is near.

https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from jeepney.wrappers import DBusAddress

from workdiary.errors import NotHereError
from workdiary.payloads import Unknown
from workdiary_dbus.bus import DBUS, BusGoneError
from workdiary_dbus.served import PROPERTIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workdiary_dbus.bus import Bus

NAME = "org.freedesktop.login1"
MANAGER = DBusAddress("/org/freedesktop/login1", NAME, "org.freedesktop.login1.Manager")
SESSION = "org.freedesktop.login1.Session"
GRAPHICAL = {"x11", "wayland", "mir"}
ABSENT = "the login manager (logind) knows no desktop session of this user"
SILENT = Unknown(reason="the login manager was never told of a lock; not every locker tells it")


class Login:
    """What the login manager says of this user's session.

    :raises NotHereError: there is no login manager, or it knows no such session.
    """

    who = "the login manager"

    def __init__(self, bus: Bus) -> None:
        owner = bus.ask(DBUS, "GetNameOwner", "s", (NAME,))
        if owner is None:
            raise NotHereError("there is no login manager (logind) on the system bus")
        path, self._state = _session(bus)
        self._was_locked = False
        self._news = False
        bus.hear(PROPERTIES, "PropertiesChanged", self._on_changed, sender=owner[0], match=f",path='{path}'")
        bus.hear(MANAGER.interface, "PrepareForSleep", self._on_sleep, sender=owner[0])
        bus.hear(DBUS.interface, "NameOwnerChanged", self._on_owner, match=f",arg0='{NAME}'")
        self._state |= _properties(bus, path)  # it may have changed before anybody heard
        self._look()

    def news(self) -> bool:
        """Say, once, that something has changed, or sleep is near or over: a tick now leaves little to the gap."""
        news, self._news = self._news, False
        return news

    @property
    def locked(self) -> bool | Unknown:
        """Whether the screen is locked, or another session has the seat."""
        if self._hint:
            return True
        return False if self._was_locked else SILENT

    @property
    def _hint(self) -> bool:
        return self._state.get("LockedHint") is True or self._state.get("Active") is False

    def _look(self) -> None:
        self._was_locked |= self._hint

    def _on_changed(self, body: tuple[Any, ...]) -> None:
        interface, changed, _ = body
        if interface == SESSION:
            before = self.locked
            self._state |= {name: value for name, (_, value) in changed.items()}
            self._look()
            self._news |= self.locked != before

    def _on_sleep(self, _body: tuple[Any, ...]) -> None:
        self._news = True

    def _on_owner(self, body: tuple[Any, ...]) -> None:
        if body[0] == NAME:
            raise BusGoneError("the login manager was restarted")


def _session(bus: Bus) -> tuple[str, dict[str, Any]]:
    """Return path and properties of the desktop session that this process belongs to, or else of one of this user."""
    for path in _candidates(bus):
        found = _properties(bus, path)
        if found.get("Type") in GRAPHICAL and found.get("User", (None,))[0] == os.getuid():
            return path, found
    raise NotHereError(ABSENT)


def _candidates(bus: Bus) -> Iterator[str]:
    named = os.environ.get("XDG_SESSION_ID", "")
    own = bus.ask(MANAGER, "GetSession", "s", (named,)) if named else None
    own = own or bus.ask(MANAGER, "GetSessionByPID", "u", (os.getpid(),))  # not of a service of the user's systemd
    if own:
        yield str(own[0])
    for _id, user, _name, _seat, path in (bus.ask(MANAGER, "ListSessions") or ([],))[0]:
        if user == os.getuid():
            yield str(path)


def _properties(bus: Bus, path: str) -> dict[str, Any]:
    (found,) = bus.ask(DBusAddress(path, NAME, PROPERTIES), "GetAll", "s", (SESSION,)) or ({},)
    return {name: value for name, (_, value) in found.items()}
