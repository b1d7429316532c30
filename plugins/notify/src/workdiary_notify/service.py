"""The notification service as D-Bus knows it: its calls, its signals, who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workdiary_notify.bus import Bus, BusError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jeepney import Message

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
ASK_S = 0.25


class Service:
    """Connected to the session bus. Signals of anybody but the service itself are not heard.

    :param on_signal: called with ``ActionInvoked`` or ``NotificationClosed`` and their arguments.
    :param on_restart: called when the service has gone, or another process has become it.
    """

    def __init__(
        self,
        on_signal: Callable[[str, tuple[Any, ...]], None],
        on_restart: Callable[[], None],
        wake: Callable[[], float | None],
    ) -> None:
        self._on_signal, self._on_restart = on_signal, on_restart
        self.owner = ""  #: the unique name of the process that is the service now; empty without any
        self._abilities: frozenset[str] | None = None
        self._bus = Bus(self._hear, wake)
        try:
            self._listen()
        except BusError:
            self._bus.close()
            raise

    @property
    def gone(self) -> bool:
        """The bus is gone: another connection is needed."""
        return self._bus.gone

    def abilities(self, seconds: float) -> frozenset[str]:
        """Return what the service can show; asked once of each."""
        if self._abilities is None:
            (found,) = self._bus.call(self._to_service("GetCapabilities"), seconds)
            self._abilities = frozenset(found)
        return self._abilities

    def who(self, seconds: float) -> str:
        """Return name and version of the service."""
        name, _vendor, version, _spec = self._bus.call(self._to_service("GetServerInformation"), seconds)
        return f"{name} {version}"

    def notify(self, arguments: tuple[Any, ...], seconds: float) -> tuple[int, str]:
        """Show; return the number by which it is known, and the unique name of the process that knows it."""
        from jeepney import HeaderFields

        answer = self._bus.ask(self._to_service("Notify", "susssasa{sv}i", arguments), seconds)
        return int(answer.body[0]), str(answer.header.fields[HeaderFields.sender])

    def close_notice(self, number: int) -> None:
        """Take a notice off the screen; one that is gone already is no error."""
        self._bus.tell(self._to_service("CloseNotification", "u", (number,)))

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()

    def _listen(self) -> None:
        from jeepney import message_bus

        rules = (
            f"type='signal',sender='{NAME}',interface='{NAME}'",
            f"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{NAME}'",
        )
        for rule in rules:
            self._bus.call(message_bus.AddMatch(rule), ASK_S)
        try:
            (self.owner,) = self._bus.call(message_bus.GetNameOwner(NAME), ASK_S)
        except BusError:
            self.owner = ""  # it may be started by the first call

    def _hear(self, message: Message) -> None:
        from jeepney import HeaderFields

        fields = message.header.fields
        sender, member = fields.get(HeaderFields.sender), str(fields.get(HeaderFields.member, ""))
        if sender == "org.freedesktop.DBus" and member == "NameOwnerChanged" and message.body[0] == NAME:
            self.owner, self._abilities = message.body[2], None
            self._on_restart()
        elif self.owner and sender == self.owner:
            self._on_signal(member, tuple(message.body))

    def _to_service(self, method: str, signature: str = "", body: tuple[Any, ...] = ()) -> Message:
        from jeepney import DBusAddress, new_method_call

        return new_method_call(DBusAddress(PATH, bus_name=NAME, interface=NAME), method, signature or None, body)
