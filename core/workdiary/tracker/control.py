"""The tracker's socket: private to the user, one JSON line in, one out."""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workdiary.errors import UsageError, WorkdiaryError
from workdiary.link.address import open_door

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workdiary.payloads import Event

MAX_LINE = 64 * 1024
SEND_S = 1.0  #: well above what a client that reads needs, well below a tick


class ControlServer:
    """Serves commands from the tracker's own loop; a client that dawdles holds nobody up."""

    def __init__(
        self, path: Path, selector: selectors.BaseSelector, answer: Callable[[str, dict[str, Any]], Any]
    ) -> None:
        self._path = path
        self._selector = selector
        self._answer = answer
        self._door = open_door(path)  # the lock is held, so what lies there is a dead tracker's
        self._door.listener.setblocking(False)
        selector.register(self._door.listener, selectors.EVENT_READ, self._accept)

    def close(self) -> None:
        """Stop listening; clients that are connected see the end of the file."""
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket) and (
                key.fileobj is self._door.listener or isinstance(key.data, _Client)
            ):
                self._selector.unregister(key.fileobj)
                key.fileobj.close()
        with contextlib.suppress(OSError):  # somebody may be reading it, on Windows: nobody answers there any more
            self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        link = self._door.accept()
        if link is not None:
            link.setblocking(False)
            self._selector.register(link, selectors.EVENT_READ, _Client(self, link, admitted=not self._door.key))

    def serve(self, client: _Client) -> None:
        """Read what a client sent; answer whole lines."""
        try:
            data = client.link.recv(MAX_LINE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        client.buffer += data
        if not data:
            self._drop(client)
            return
        while b"\n" in client.buffer:
            line, _, client.buffer = client.buffer.partition(b"\n")
            if not client.admitted:
                client.admitted = self._door.admits(line)
                if not client.admitted:
                    self._drop(client)
                    return
                continue
            if not self._send(client, self._respond(line, client)):
                return
        if len(client.buffer) > MAX_LINE:
            too_long = UsageError("the request is too long", remedy="Write less, or name fewer segments at once.")
            if self._send(client, _refusal(too_long)):
                self._drop(client)

    def _send(self, client: _Client, line: bytes) -> bool:
        """Send a line; a client that does not take it within a second is dropped."""
        try:
            client.link.settimeout(SEND_S)
            client.link.sendall(line)
            client.link.setblocking(False)
        except OSError:
            self._drop(client)
            return False
        return True

    def tell(self, event: Event) -> None:
        """Pass an event on to every client that watches; one that does not keep up is dropped."""
        line = json.dumps({"event": {**asdict(event), "kind": event.kind.value}}).encode() + b"\n"
        for key in list(self._selector.get_map().values()):
            if isinstance(key.data, _Client) and key.data.watches:
                try:
                    kept_up = key.data.link.send(line) == len(line)
                except OSError:
                    kept_up = False
                if not kept_up:
                    self._drop(key.data)

    def _respond(self, line: bytes, client: _Client) -> bytes:
        try:
            request = json.loads(line)
            command, arguments = str(request["command"]), dict(request["arguments"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return _refusal(UsageError("that is no request", remedy="Is the command line as new as the tracker?"))
        if command == "watch":
            client.watches = True
            return json.dumps({"result": None}).encode() + b"\n"
        try:
            return json.dumps({"result": self._answer(command, arguments)}).encode() + b"\n"
        except WorkdiaryError as error:
            return _refusal(error)
        except Exception as error:  # the fault of one command must not end the record
            text = f"{command} failed inside the tracker ({type(error).__name__})"
            return _refusal(WorkdiaryError(text, remedy="Is the command line as new as the tracker? See: doctor"))

    def _drop(self, client: _Client) -> None:
        self._selector.unregister(client.link)
        client.link.close()


class _Client:
    def __init__(self, server: ControlServer, link: socket.socket, *, admitted: bool) -> None:
        self.link = link
        self.buffer = b""
        self.admitted = admitted
        self.watches = False
        self._server = server

    def __call__(self) -> None:
        self._server.serve(self)


def _refusal(error: WorkdiaryError) -> bytes:
    name = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "workdiary.errors")
    return json.dumps({"error": name, "message": error.message, "remedy": error.remedy}).encode() + b"\n"
