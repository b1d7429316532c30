"""A connection to the session bus: calls from any thread, signals on one of its own."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from jeepney import Message

NOBODY = "no notification service on the session bus"
NO_BUS = "no session bus"
SILENT = "the notification service does not answer"
CONNECT_S = 0.25


class BusError(Exception):
    """The call came to nothing; the text says why in one sentence."""


def address() -> str:
    """Return where the session bus is.

    Raises:
        BusError: nothing says where.
    """
    named = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    usual = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}") / "bus"
    if not named and not usual.exists():
        raise BusError(NO_BUS)
    return named or f"unix:path={usual}"


class Bus:
    """Connected, with a thread that hears signals, until ``close`` or until the bus is gone.

    :param hear: called with each signal on the bus's thread.
    :param wake: called on the bus's thread; returns the seconds until it wants to be called again, None: not at all.
    """

    def __init__(self, hear: Callable[[Message], None], wake: Callable[[], float | None]) -> None:
        from jeepney.io import blocking

        self._hear, self._wake = hear, wake
        self._answers: dict[int, SimpleQueue[Message | None]] = {}
        self._sending = threading.Lock()
        self.gone = False
        try:
            sock = blocking.prep_socket(blocking.get_bus(address()), timeout=CONNECT_S)
            sock.settimeout(CONNECT_S)
            self._link = blocking.DBusConnection(sock)
        except (OSError, RuntimeError, StopIteration, ValueError) as error:
            raise BusError(NO_BUS) from error
        sock.settimeout(None)
        self._thread = threading.Thread(target=self._run, name="notify-bus", daemon=True)
        self._thread.start()

    def call(self, message: Message, seconds: float) -> tuple[Any, ...]:
        """Return the body of the answer to :meth:`ask`."""
        return tuple(self.ask(message, seconds).body)

    def ask(self, message: Message, seconds: float) -> Message:
        """Return the answer.

        Raises:
            BusError: there is no answer, or it is an error.
        """
        from jeepney import HeaderFields, MessageType

        serial = next(self._link.outgoing_serial)
        waiting = self._answers[serial] = SimpleQueue()
        try:
            self._send(message, serial)
            answer = waiting.get(timeout=seconds)
        except Empty:
            raise BusError(SILENT) from None
        finally:
            del self._answers[serial]
        if answer is None:
            raise BusError(NO_BUS)
        if answer.header.message_type is MessageType.error:
            name = str(answer.header.fields.get(HeaderFields.error_name, ""))
            absent = name.endswith((".ServiceUnknown", ".NameHasNoOwner", ".Spawn.ServiceNotFound"))
            raise BusError(NOBODY if absent else f"the notification service refuses: {name.rpartition('.')[2][:60]}")
        return answer

    def tell(self, message: Message) -> None:
        """Send a call without waiting for what comes of it."""
        with suppress(BusError):
            self._send(message, next(self._link.outgoing_serial))

    def close(self) -> None:
        """End the thread and the connection."""
        with suppress(OSError):
            self._link.sock.shutdown(socket.SHUT_RDWR)
        if threading.current_thread() is not self._thread:
            self._thread.join(1.0)

    def _send(self, message: Message, serial: int) -> None:
        if self.gone:
            raise BusError(NO_BUS)
        try:
            with self._sending:
                self._link.send(message, serial=serial)
        except OSError as error:
            raise BusError(NO_BUS) from error

    def _run(self) -> None:
        try:
            while True:
                self._step()
        except (OSError, ValueError):  # the bus is gone, or speaks nonsense
            self.gone = True
        finally:
            self.gone = True
            for waiting in list(self._answers.values()):
                waiting.put(None)
            self._link.close()

    def _step(self) -> None:
        from jeepney import HeaderFields, MessageType

        try:
            message = self._link.receive(timeout=self._wake())
        except TimeoutError:
            return
        kind = message.header.message_type
        if kind in {MessageType.method_return, MessageType.error}:
            waiting = self._answers.get(message.header.fields.get(HeaderFields.reply_serial, -1))
            if waiting is not None:
                waiting.put(message)
        elif kind is MessageType.signal:
            self._hear(message)
