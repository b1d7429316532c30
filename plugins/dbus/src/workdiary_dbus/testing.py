"""Programs by script on a real bus, for tests of plugins."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

from workdiary_dbus.bus import DBUS, Bus, BusGoneError

if TYPE_CHECKING:
    from collections.abc import Callable

    from workdiary_dbus.served import Served

    Answer = tuple[str, tuple[Any, ...]] | None


class Object:
    """An interface at a path; *methods* by name, and properties as ``values``, each with its signature."""

    def __init__(
        self, path: str, name: str, values: dict[str, tuple[str, Any]] | None = None, **methods: Callable[..., Answer]
    ) -> None:
        self.path, self.name, self.values, self._methods = path, name, values or {}, methods

    def call(self, member: str, body: tuple[Any, ...]) -> Answer:
        """Carry out a method."""
        return self._methods[member](*body) if member in self._methods else None

    def properties(self) -> dict[str, tuple[str, Any]]:
        """Return all properties."""
        return self.values


class Named:
    """A program with a name on a bus, served by a thread; ``tell`` sends a signal of one of its objects."""

    def __init__(self, address: str, name: str, *objects: Served) -> None:
        self.bus = Bus.connect(address)
        self._lock = threading.Lock()
        for one in objects:
            self.bus.serve(one)
        if self.bus.ask(DBUS, "RequestName", "su", (name, 0)) != (1,):
            raise RuntimeError(f"the name {name} is taken")
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def tell(self, served: Served, member: str, signature: str, body: tuple[Any, ...]) -> None:
        """Send a signal to everybody."""
        with self._lock:
            self.bus.signal(served, member, signature, body)

    def close(self) -> None:
        """Leave the bus."""
        self.bus.interrupt()
        self._thread.join(5)
        self.bus.close()

    def _run(self) -> None:
        with contextlib.suppress(BusGoneError):
            while True:
                data = self.bus.receive()
                with self._lock:
                    self.bus.dispatch(data)
