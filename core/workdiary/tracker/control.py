"""The tracker's socket: private to the user, one JSON line in, one out."""

from __future__ import annotations

import json
import os
import selectors
import socket
import struct
from typing import TYPE_CHECKING, Any

from workdiary.errors import UsageError, WorkdiaryError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_LINE = 64 * 1024


class ControlServer:
    """Serves commands from the tracker's own loop; a client that dawdles holds nobody up."""

    def __init__(
        self, path: Path, selector: selectors.BaseSelector, answer: Callable[[str, dict[str, Any]], Any]
    ) -> None:
        self._path = path
        self._selector = selector
        self._answer = answer
        path.unlink(missing_ok=True)  # the lock is held, so it is a dead tracker's
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            self._listener.bind(str(path))
        finally:
            os.umask(mask)
        self._listener.listen(8)
        self._listener.setblocking(False)
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def close(self) -> None:
        """Stop listening; clients that are connected see the end of the file."""
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket) and (
                key.fileobj is self._listener or isinstance(key.data, _Client)
            ):
                self._selector.unregister(key.fileobj)
                key.fileobj.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        link, _ = self._listener.accept()
        if _peer_uid(link) != os.getuid():
            link.close()
            return
        link.setblocking(False)
        self._selector.register(link, selectors.EVENT_READ, _Client(self, link))

    def serve(self, client: _Client) -> None:
        """Read what a client sent; answer whole lines."""
        try:
            data = client.link.recv(MAX_LINE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        client.buffer += data
        if not data or len(client.buffer) > MAX_LINE:
            self._drop(client)
            return
        while b"\n" in client.buffer:
            line, _, client.buffer = client.buffer.partition(b"\n")
            try:
                client.link.setblocking(True)
                client.link.settimeout(1.0)
                client.link.sendall(self._respond(line))
                client.link.setblocking(False)
            except OSError:
                self._drop(client)
                return

    def _respond(self, line: bytes) -> bytes:
        try:
            request = json.loads(line)
            result = self._answer(str(request["command"]), dict(request["arguments"]))
            return json.dumps({"result": result}).encode() + b"\n"
        except (ValueError, KeyError, TypeError):
            error: WorkdiaryError = UsageError(
                "that is no request", remedy="Is the command line as new as the tracker?"
            )
        except WorkdiaryError as refused:
            error = refused
        name = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "workdiary.errors")
        return json.dumps({"error": name, "message": error.message, "remedy": error.remedy}).encode() + b"\n"

    def _drop(self, client: _Client) -> None:
        self._selector.unregister(client.link)
        client.link.close()


class _Client:
    def __init__(self, server: ControlServer, link: socket.socket) -> None:
        self.link = link
        self.buffer = b""
        self._server = server

    def __call__(self) -> None:
        self._server.serve(self)


def _peer_uid(link: socket.socket) -> int:
    """Return who is at the other end; the file's mode is the first lock, this the second."""
    if not hasattr(socket, "SO_PEERCRED"):
        return os.getuid()
    credentials = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])
