"""A server that takes diaries as ``docs/reference/protocol.md`` says, on SQLite: something to be compared with.

For tests, and to read. It has one token, keeps one person's diaries and answers one request at a time.
"""

from __future__ import annotations

import threading
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workdiary.testing.peer.app import App
from workdiary.testing.peer.store import Store

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["App", "Peer", "Store"]


class Peer:
    """A running server: ``url`` is its base. Started again at the same *folder* it has the same key and entries."""

    def __init__(self, folder: Path, token: str = "a token for tests", port: int = 0) -> None:  # noqa: S107 - it guards nothing
        self.folder, self.token = folder, token
        self.port = port

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Listen; after ``stop`` at the same port."""
        self.store = Store(self.folder / "peer.sqlite")
        self.app = App(self.store, self._key(), self.token)
        self._server = make_server("127.0.0.1", self.port, self.app, server_class=_Server, handler_class=_Quiet)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, as a crash between two requests would."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.store.close()

    def _key(self) -> Ed25519PrivateKey:
        path = self.folder / "peer.key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Write nothing: addresses hold names of images."""
