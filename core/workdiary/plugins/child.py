"""The child of a process lane: run one plugin's hooks on the main thread, and end with the parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import pluggy

from workdiary import hooks
from workdiary.plugins import wire
from workdiary.plugins.contract import TAKE_CONTEXT
from workdiary.plugins.lane import Failure, failure_of
from workdiary.plugins.loading import LeftOut, Loaded, load_plugin, make_context
from workdiary.plugins.origin import Origin
from workdiary.system.child import take_link
from workdiary.system.limits import limit_memory, no_core_files

if TYPE_CHECKING:
    import socket

PR_SET_PDEATHSIG = 1


def main(name: str, parent: int) -> None:
    """Serve the plugin *name* until the parent is gone."""
    die_with(parent)
    with take_link() as connection:
        hello = wire.receive(connection)
        if hello is not None:
            Server(connection, name, wire.HELLO.decode(hello)).serve()


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process with its parent; elsewhere than on Linux, the closed socket does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if sys.platform != "win32" and os.getppid() != parent:  # there, a launcher may stand between
        sys.exit(0)


class Server:
    """Answer calls one by one. The socket is read on a thread, so that a closed one ends even a hung plugin."""

    def __init__(self, connection: socket.socket, name: str, hello: wire.Hello) -> None:
        limit_memory(hello.memory)
        no_core_files()  # one would hold pixels
        self._connection = connection
        self._sending = threading.Lock()
        self._origin = Origin(name=name, value=hello.value)
        self._hello = hello
        self._plugin: Loaded | None = None
        self._context: Any = None
        self._inbox: SimpleQueue[bytes] = SimpleQueue()

    def serve(self) -> None:
        """Answer until the parent closes the socket; that ends the process on the spot."""
        threading.Thread(target=self._read, name="parent", daemon=True).start()
        while True:
            number, hook, packed = wire.CALL.decode(self._inbox.get())
            try:
                answer = wire.pack(self._call(hook, packed))
            except BaseException as error:  # whatever a plugin raises is an answer
                answer = wire.pack(failure_of(error))
            self._send(number, answer)
            del packed, answer  # pixels must not stay alive until the next call

    def _call(self, hook: str, packed: wire.Packed) -> Any:
        if self._plugin is None:
            result = self._load()
            if isinstance(result, LeftOut):
                return Failure("ImportError", message=result.reason)
            self._plugin = result
        function = self._plugin.hooks.get(hook)
        if function is None:
            return None  # a start is asked of every plugin
        return function(self._context if hook in TAKE_CONTEXT else wire.unpack(packed))

    def _load(self) -> Loaded | LeftOut:
        manager = pluggy.PluginManager("workdiary")
        manager.add_hookspecs(hooks)
        plugin = load_plugin(manager, self._origin, self._hello.table, isolated=True)
        if isinstance(plugin, Loaded):
            state = Path(self._hello.state_directory)
            self._context = make_context(self._origin, plugin.config, state, self._wake, Path(self._hello.socket))
        return plugin

    def _wake(self) -> None:
        self._send(wire.WAKE, wire.pack(None))

    def _send(self, number: int, answer: wire.Packed) -> None:
        with self._sending:
            wire.send(self._connection, (number, answer))

    def _read(self) -> None:
        try:
            while (message := wire.receive(self._connection)) is not None:
                self._inbox.put(message)
        finally:
            os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
