"""What the hooks do: two buses are listened to, each by a thread that sleeps until something is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from workdiary.errors import NotHereError, WorkdiaryError
from workdiary.payloads import Check, Presence, Unknown
from workdiary.source.watcher import Watcher
from workdiary_dbus.bus import Bus, session_address, system_address
from workdiary_session.login import Login
from workdiary_session.saver import Savers

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from workdiary.context import PluginContext

NOT_OURS = Unknown(reason="the login manager and screen savers do not tell it")


class Teller(Protocol):
    """Somebody who tells of the lock."""

    who: str

    @property
    def locked(self) -> bool | Unknown:
        """Whether the screen is locked."""

    def news(self) -> bool:
        """Say, once, that something has changed."""


class Line:
    """One bus and who tells on it. ``turn`` belongs to the watching thread, the rest to whoever holds the lock."""

    def __init__(self, bus: Bus, teller: Teller) -> None:
        self._bus = bus
        self.teller = teller

    def turn(self, lock: AbstractContextManager[object]) -> bool:
        """Wait and take; true if the lock has changed, or sleep is near or over."""
        data = self._bus.receive()
        with lock:
            self._bus.dispatch(data)
            return self.teller.news()

    def interrupt(self) -> None:
        """Make the watching thread end."""
        self._bus.interrupt()

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()


def open_line(where: Callable[[], str], teller: Callable[[Bus], Teller]) -> Line:
    """Connect to a bus and begin to listen.

    :raises WorkdiaryError: there is no bus, or nobody on it who tells.
    """
    bus = Bus.connect(where())
    try:
        return Line(bus, teller(bus))
    except BaseException:
        bus.close()
        raise


def open_login() -> Line:
    """Listen to the login manager."""
    return open_line(system_address, Login)


def open_savers() -> Line:
    """Listen to screen savers, those that come later included."""
    return open_line(session_address, Savers)


LINES = {Login.who: open_login, Savers.who: open_savers}


class Plugin:
    """Listen from the start on."""

    def __init__(self) -> None:
        self._watchers: list[Watcher[Line]] = []

    def start(self, context: PluginContext) -> None:
        """Listen to whoever is there.

        :raises NotHereError: there is neither a login manager that knows this session nor a session bus.
        """
        why = []
        for who, connect in LINES.items():
            try:
                first = connect()  # here, so that what is wrong is known; the watcher would go on trying
            except WorkdiaryError as error:
                why.append(error.message)
                continue
            self._watchers.append(Watcher(who, connect, context.wake, context.log, first=first))
        if not self._watchers:
            raise NotHereError("; ".join(why))

    def stop(self) -> None:
        """Listen no more."""
        while self._watchers:
            self._watchers.pop().stop()

    def presence(self) -> Presence | Unknown:
        """Return whether the screen is locked."""
        said = [watcher.read(lambda line: line.teller.locked) for watcher in self._watchers]
        return Presence(since="", active_ms=NOT_OURS, idle_ms=NOT_OURS, locked=together(said))


def together(said: list[bool | Unknown]) -> bool | Unknown:
    """Return whether anybody says that it is locked; Unknown with every reason if nobody knows."""
    known = [one for one in said if not isinstance(one, Unknown)]
    if known:
        return any(known)
    return Unknown(reason="; ".join(one.reason for one in said if isinstance(one, Unknown)) or "nobody was asked yet")


def checks() -> list[Check]:
    """Say who tells of the lock. Nobody has to: the time goes on, and pictures of a locked screen are its picture."""
    found = []
    for who, connect in LINES.items():
        try:
            line = connect()
        except WorkdiaryError as error:
            found.append(f"{who}: {error.message}")
            continue
        locked = line.teller.locked
        line.close()
        found.append(f"{who}: {locked.reason if isinstance(locked, Unknown) else 'tells'}")
    return [Check(name="screen lock", ok=True, detail="; ".join(found))]
